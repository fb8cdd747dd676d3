package io.millrace.connectors.postgres;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;

/** Flyway tells a lot, and only its warnings and errors are for a user. Flyway makes it by name: hence public. */
public final class QuietFlyway implements LogCreator {

    @Override
    public Log createLogger(Class<?> type) {
        return new ToSystemLogger(System.getLogger(type.getName()));
    }

    private record ToSystemLogger(System.Logger logger) implements Log {
        @Override
        public void debug(String message) {
            logger.log(System.Logger.Level.TRACE, message);
        }

        @Override
        public void info(String message) {
            logger.log(System.Logger.Level.DEBUG, message);
        }

        @Override
        public void notice(String message) {
            logger.log(System.Logger.Level.DEBUG, message);
        }

        @Override
        public void warn(String message) {
            logger.log(System.Logger.Level.WARNING, message);
        }

        @Override
        public void error(String message) {
            logger.log(System.Logger.Level.ERROR, message);
        }

        @Override
        public void error(String message, Exception cause) {
            logger.log(System.Logger.Level.ERROR, message, cause);
        }
    }
}
