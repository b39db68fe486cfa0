package io.tiphys.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "io.tiphys.api", importOptions = ImportOption.DoNotIncludeTests.class)
class PurityTest {
    /** {@code java.io} is there for the exceptions and the StringReader of Jackson's and SnakeYAML's interfaces only. */
    @ArchTest
    static final ArchRule knowsOnlyJacksonAndTheKubernetesModel = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.tiphys.api..",
                    "java.lang..",
                    "java.io",
                    "java.math",
                    "java.security", // digests
                    "java.time..",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.function",
                    "java.util.regex",
                    "java.util.stream",
                    "java.util.zip",
                    "com.fasterxml.jackson..",
                    "io.fabric8.kubernetes.api.model..",
                    "io.fabric8.kubernetes.model..",
                    "io.soabase.recordbuilder..",
                    "org.jspecify..",
                    "org.yaml.snakeyaml..");

    @ArchTest
    static final ArchRule doesNoInputOrOutput = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.(File.*|.*Socket.*|Print.*|RandomAccessFile|Console)");

    @ArchTest
    static final ArchRule readsNoClockAndNoEnvironment = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}
