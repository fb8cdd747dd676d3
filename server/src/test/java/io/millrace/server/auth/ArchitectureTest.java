package io.millrace.server.auth;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the room may touch, as its {@code package-info} says. */
class ArchitectureTest {

    private static final JavaClasses ROOM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace.server.auth");

    @Test
    void theRoomKnowsNoHttpServerAndNothingOfMillraceButTheApi() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.millrace.server.auth..",
                        "io.millrace.api..",
                        "java..",
                        "javax.crypto..",
                        "org.jspecify..",
                        "com.nimbusds..",
                        "org.bouncycastle..",
                        "com.github.benmanes.caffeine..",
                        "tools.jackson..")
                .check(ROOM);
    }
}
