package io.millrace.server.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the rooms of HTTP may touch, as their {@code package-info} says. */
class RoomsTest {

    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace.server");

    @Test
    void onlyTheGatewayKnowsTheHttpServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace.server.gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.helidon..")
                .check(SERVER);
    }

    @Test
    void theGatewayKnowsNoPipelinesAndNoDatabases() {
        noClasses()
                .that()
                .resideInAnyPackage("io.millrace.server.gateway..", "io.millrace.server.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.millrace.engine..",
                        "io.millrace.connectors..",
                        "io.millrace.sql..",
                        "io.millrace.server.read..",
                        "java.sql..")
                .check(SERVER);
    }

    @Test
    void whoDescribesKnowsOnlyWhatIsDescribed() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.server.openapi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.millrace.engine..",
                        "io.millrace.connectors..",
                        "io.millrace.log..",
                        "io.millrace.sql..",
                        "io.millrace.server.gateway..",
                        "io.millrace.server.read..",
                        "java.sql..")
                .check(SERVER);
    }

    @Test
    void whoReadsKnowsNeitherPipelinesNorTheGateway() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.server.read..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.millrace.engine..", "io.millrace.sql..", "io.millrace.server.gateway..")
                .check(SERVER);
    }
}
