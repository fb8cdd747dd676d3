package io.millrace.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The documentation of a record, or of a component of one, that a pipeline file or the configuration can say. Reference docs, error messages
 * and the editors' schema are made from it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Doc {
    /** One or two sentences for a user. */
    String value();

    /** What holds where the file says nothing, as it would be written in YAML; empty where the key must be given. */
    String byDefault() default "";
}
