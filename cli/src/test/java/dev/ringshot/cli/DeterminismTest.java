package dev.ringshot.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.ringshot.abi.Kernel;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.UblkServer;
import java.net.URL;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Nothing in the client and in the block-device server is left to chance: they name no thread,
/// clock, random number, lock or executor, and wait in one place.
final class DeterminismTest {
  private static final Set<String> CHANCE =
      Set.of(
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.ScopedValue",
          "java.lang.Process",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.util.Timer",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.UUID",
          "java.lang.ref.Cleaner");

  private static final JavaClasses ABOVE_THE_SEAM =
      new ClassFileImporter().importUrls(List.of(home(Ring.class), home(UblkServer.class)));

  private static URL home(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  @Test
  void bothAreLookedAt() {
    assertTrue(ABOVE_THE_SEAM.contain(Ring.class));
    assertTrue(ABOVE_THE_SEAM.contain(UblkServer.class));
  }

  @Test
  void namesNoSourceOfChance() {
    noClasses()
        .should(
            dependOnClassesThat(
                describe("are a source of chance", DeterminismTest::isSourceOfChance)))
        .check(ABOVE_THE_SEAM);
  }

  private static boolean isSourceOfChance(JavaClass type) {
    String name = type.getName();
    return CHANCE.contains(name)
        || name.startsWith("java.util.random.")
        || name.startsWith("java.security.")
        || (name.startsWith("java.util.concurrent.") && !name.contains(".atomic."))
        || (name.startsWith("java.time.") && !name.equals("java.time.Duration"));
  }

  @Test
  void asksTheSystemForNothing() {
    classes()
        .should(never(callMethod(System.class, "nanoTime")))
        .andShould(never(callMethod(System.class, "currentTimeMillis")))
        .andShould(never(callMethod(Math.class, "random")))
        .check(ABOVE_THE_SEAM);
  }

  @Test
  void holdsNoMonitor() {
    methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED).check(ABOVE_THE_SEAM);
  }

  @Test
  void seesNeitherKernel() {
    noClasses()
        .should(
            dependOnClassesThat(resideInAnyPackage("dev.ringshot.linux..", "dev.ringshot.model..")))
        .check(ABOVE_THE_SEAM);
  }

  @Test
  void entersTheKernelInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.ringshot.ring.Descriptor")
        .should(
            callMethod(
                Kernel.class,
                "enter",
                int.class,
                int.class,
                int.class,
                int.class,
                long.class,
                long.class))
        .check(ABOVE_THE_SEAM);
  }
}
