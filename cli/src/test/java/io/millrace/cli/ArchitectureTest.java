package io.millrace.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.engine.yaml.Problem;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms, as the order of the modules in the root POM has them. */
class ArchitectureTest {

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");

    @Test
    void arrowsPointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("api")
                .definedBy("io.millrace.api..")
                .layer("sql")
                .definedBy("io.millrace.sql..")
                .layer("formats")
                .definedBy("io.millrace.formats..")
                .layer("contract")
                .definedBy("io.millrace.contract..")
                .layer("log")
                .definedBy("io.millrace.log..")
                .layer("engine")
                .definedBy("io.millrace.engine..")
                .layer("connectors")
                .definedBy("io.millrace.connectors..")
                .layer("tests")
                .definedBy("io.millrace.tests..")
                .layer("server")
                .definedBy("io.millrace.server..")
                .layer("cli")
                .definedBy("io.millrace.cli..")
                .whereLayer("sql")
                .mayOnlyBeAccessedByLayers("engine", "tests", "cli")
                .whereLayer("formats")
                .mayOnlyBeAccessedByLayers("contract", "engine", "connectors", "tests", "server", "cli")
                .whereLayer("contract")
                .mayOnlyBeAccessedByLayers("engine", "server", "cli")
                .whereLayer("log")
                .mayOnlyBeAccessedByLayers("engine", "connectors", "server", "cli")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers("tests", "server", "cli")
                .whereLayer("connectors")
                .mayOnlyBeAccessedByLayers("tests", "server", "cli")
                .whereLayer("tests")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("server")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .check(HOUSE);
    }

    @Test
    void theApiDependsOnNothingButTheJdkAndJSpecify() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.api..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("io.millrace.api..", "java..", "org.jspecify..")
                .check(HOUSE);
    }

    @Test
    void theLogDependsOnNothingButTheApi() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.log..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("io.millrace.log..", "io.millrace.api..", "java..", "org.jspecify..")
                .check(HOUSE);
    }

    @Test
    void whatBindsFilesIsForPipelinesTheirTestsAndTheConfiguration() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.millrace.engine.yaml..",
                        "io.millrace.engine.pipeline..",
                        "io.millrace.engine.config..",
                        "io.millrace.tests..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.millrace.engine.yaml..").and(not(type(Problem.class))))
                .check(HOUSE);
    }

    @Test
    void onlyOneRoomKnowsCalcite() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace.sql.calcite..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.calcite..")
                .check(HOUSE);
    }

    @Test
    void plansAndTheirExecutionKnowNothingOfTheFrontEnd() {
        noClasses()
                .that()
                .resideInAnyPackage("io.millrace.sql.plan..", "io.millrace.sql.exec..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.millrace.sql.calcite..")
                .check(HOUSE);
    }

    @Test
    void connectorsDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.connectors.files..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.millrace.connectors.postgres..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAPackage("io.millrace.connectors.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.millrace.connectors.files..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAPackage("io.millrace.connectors.memory..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.millrace.connectors.memory..", "io.millrace.api..", "java..", "org.jspecify..")
                .check(HOUSE);
    }

    @Test
    void testsOfPipelinesKnowNoConnectorButTheOneInMemory() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.tests..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.millrace.connectors.files..",
                        "io.millrace.connectors.http..",
                        "io.millrace.connectors.postgres..")
                .check(HOUSE);
    }
}
