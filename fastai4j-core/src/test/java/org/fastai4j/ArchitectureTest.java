package org.fastai4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.resolvers.SelectedClassResolverFromClasspath;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of {@code docs/how-it-is-built.md} that a compiler does not know. */
class ArchitectureTest {
  private static final JavaClasses LIBRARY = library();

  private static JavaClasses library() {
    // The engine's classes have thousands of methods; their names are all that is asked for here.
    ArchConfiguration.get().setClassResolver(SelectedClassResolverFromClasspath.class);
    ArchConfiguration.get().setClassResolverArguments("java.lang", "org.jspecify.annotations");
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("org.fastai4j");
  }

  /** From the top down; each may use those below it, and its own floor where that is no cycle. */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("vision"),
          List.of("interpret"),
          List.of("callback"),
          List.of("learner"),
          List.of("data", "plot"),
          List.of("metrics", "optim", "nn"),
          List.of("io"),
          List.of("tensor"));

  /** The classes whose purpose is to write to a terminal, by full name. */
  private static final Set<String> TERMINALS =
      Set.of(
          "org.fastai4j.data.ProgressBar",
          "org.fastai4j.learner.ProgressCallback",
          "org.fastai4j.plot.Display");

  @Test
  void everyPackageUsesOnlyThoseBelowIt() {
    LayeredArchitecture floors =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    for (List<String> floor : FLOORS) {
      floors =
          floors
              .layer(String.join(" and ", floor))
              .definedBy(
                  floor.stream().map(p -> "org.fastai4j." + p + "..").toArray(String[]::new));
    }
    for (int i = 0; i < FLOORS.size(); i++) {
      String name = String.join(" and ", FLOORS.get(i));
      String[] above =
          FLOORS.subList(0, i).stream().map(f -> String.join(" and ", f)).toArray(String[]::new);
      floors =
          above.length == 0
              ? floors.whereLayer(name).mayNotBeAccessedByAnyLayer()
              : floors.whereLayer(name).mayOnlyBeAccessedByLayers(above);
    }
    floors.check(LIBRARY);
  }

  @Test
  void everyPackageHasAFloor() {
    Set<String> known =
        FLOORS.stream()
            .flatMap(List::stream)
            .map(p -> "org.fastai4j." + p)
            .collect(java.util.stream.Collectors.toSet());
    assertThat(LIBRARY)
        .allSatisfy(
            c ->
                assertThat(known)
                    .as(c.getName())
                    .anyMatch(p -> (c.getPackageName() + ".").startsWith(p + ".")));
  }

  @Test
  void noPackagesUseEachOther() {
    slices()
        .matching("org.fastai4j.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(LIBRARY);
  }

  @Test
  void onlyTheSeamKnowsTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.fastai4j.tensor")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(LIBRARY);
  }

  @Test
  void noSignatureThatOthersSeeMentionsTheEngine() {
    members().that(areSeenByOthers()).should(mentionNothingOf("org.bytedeco.")).check(LIBRARY);
  }

  private static DescribedPredicate<JavaMember> areSeenByOthers() {
    return DescribedPredicate.describe(
        "are seen by others",
        m ->
            (m.getModifiers().contains(JavaModifier.PUBLIC)
                    || m.getModifiers().contains(JavaModifier.PROTECTED))
                && outward(m.getOwner()));
  }

  private static boolean outward(JavaClass c) {
    return c.getModifiers().contains(JavaModifier.PUBLIC)
        && c.getEnclosingClass().map(ArchitectureTest::outward).orElse(true);
  }

  private static ArchCondition<JavaMember> mentionNothingOf(String prefix) {
    return new ArchCondition<>("mention nothing of " + prefix) {
      @Override
      public void check(JavaMember m, ConditionEvents events) {
        for (JavaClass type : m.getAllInvolvedRawTypes()) {
          if (type.getName().startsWith(prefix)) {
            events.add(
                SimpleConditionEvent.violated(m, m.getFullName() + " mentions " + type.getName()));
          }
        }
      }
    };
  }

  @Test
  void onlyMemoryAsksForACollection() {
    noClasses()
        .that(not(simpleName("Memory")))
        .should()
        .callMethod(System.class, "gc")
        .orShould()
        .callMethod(Runtime.class, "gc")
        .check(LIBRARY);
  }

  @Test
  void onlyTerminalsWriteToTheStandardStreams() {
    noClasses()
        .that(
            DescribedPredicate.describe(
                "are no terminals", (JavaClass c) -> !TERMINALS.contains(c.getName())))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(LIBRARY);
  }

  @Test
  void logsThroughSystemLoggerOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.commons.logging..")
        .check(LIBRARY);
  }

  @Test
  void usesNothingOfTheTestsAndNothingInternalOfTheJdk() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.junit..", "org.assertj..", "com.tngtech..", "sun..", "jdk.internal..")
        .check(LIBRARY);
  }

  @Test
  void hasNoFinalizers() {
    noMethods().should().haveName("finalize").check(LIBRARY);
  }

  @Test
  void throwsUncheckedExceptionsOfItsOwn() {
    classes()
        .that()
        .areAssignableTo(Exception.class)
        .should()
        .beAssignableTo(RuntimeException.class)
        .check(LIBRARY);
  }

  @Test
  void marksEveryPackageAsFreeOfNulls() {
    assertThat(LIBRARY.stream().map(JavaClass::getPackage).distinct())
        .allSatisfy(p -> assertThat(p.isAnnotatedWith(NullMarked.class)).as(p.getName()).isTrue());
  }
}
