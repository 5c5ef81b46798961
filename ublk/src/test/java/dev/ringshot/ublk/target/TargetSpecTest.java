package dev.ringshot.ublk.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import dev.ringshot.ring.Ring;
import dev.ringshot.ublk.BlockOp;
import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.BlockTarget;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Targets in words.
final class TargetSpecTest {
  private final ModelKernel kernel = new ModelKernel(Scheduler.virtual(1));
  private final ClassLoader loader = TargetSpecTest.class.getClassLoader();

  private BlockTarget open(String spec) {
    return TargetSpec.parse(spec).open(kernel, loader);
  }

  @Test
  void wordsAndValuesAreTold() {
    var spec = TargetSpec.parse("file:/x/y.img,direct,offset=1M");
    assertEquals("file", spec.name());
    assertEquals(List.of("/x/y.img", "direct"), spec.words());
    assertEquals(Map.of("offset", "1M"), spec.values());
  }

  @Test
  void textIsReadAsTheSame() {
    for (String text : List.of("mem", "file:/x/y.img,direct,offset=1M", "com.acme.Disk:a,b=c=d")) {
      assertEquals(text, TargetSpec.parse(text).text());
    }
  }

  @Test
  void pathsOfFilesAreMadeAbsoluteAndNothingElseIs() {
    Path folder = Path.of("/srv");
    var stripe = TargetSpec.parse("stripe:a.img,/x/b.img,direct,chunk=64K").in(folder);
    assertEquals("stripe:/srv/a.img,/x/b.img,direct,chunk=64K", stripe.text());
    assertEquals("com.acme.Disk:a", TargetSpec.parse("com.acme.Disk:a").in(folder).text());
  }

  @Test
  void sizesAndTimesHaveUnits() {
    assertEquals(512, TargetSpec.bytes("512"));
    assertEquals(65536, TargetSpec.bytes("64K"));
    assertEquals(3L << 40, TargetSpec.bytes("3t"));
    assertEquals(Duration.ofMillis(5), TargetSpec.duration("5ms"));
    assertThrows(IllegalArgumentException.class, () -> TargetSpec.bytes("many"));
    assertThrows(IllegalArgumentException.class, () -> TargetSpec.bytes(""));
    assertThrows(IllegalArgumentException.class, () -> TargetSpec.duration("5"));
  }

  @Test
  void mistakesAreNamed() {
    assertSays("no target is called tape", () -> open("tape:size=1G"));
    assertSays("mem has no argument sise", () -> open("mem:sise=1G"));
    assertSays("no target", () -> open(""));
    assertSays("takes one path", () -> open("file:a,b"));
    var mem = new MemTarget(4096);
    assertSays(
        "has no argument writ", () -> TargetSpec.parse("faulty:writ=1").before(mem, s -> {}));
    assertSays(
        "no errno is called EOH",
        () -> TargetSpec.parse("faulty:all=1,errno=EOH").before(mem, s -> {}));
    assertSays("is not a public class", () -> open("no.such.Disk"));
    assertSays("is not a public class", () -> open("java.lang.String"));
  }

  private static void assertSays(String words, org.junit.jupiter.api.function.Executable wrong) {
    var e = assertThrows(IllegalArgumentException.class, wrong);
    assertTrue(String.valueOf(e.getMessage()).contains(words), e::toString);
  }

  /// A user's own, that wants to know its arguments.
  public static final class Own implements BlockTarget {
    private final long size;

    /// As targets are made.
    public Own(TargetSpec spec) {
      size = spec.size("size", 4096);
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void submit(BlockRequest request, Ring ring) {
      request.complete();
    }
  }

  @Test
  void aClassOfTheUsersIsMadeWithItsArguments() {
    BlockTarget own = open(Own.class.getName() + ":size=8K");
    assertInstanceOf(Own.class, own);
    assertEquals(8192, own.size());
  }

  @Test
  void theExampleCompilesAndServes(@TempDir Path folder) throws Exception {
    Path root = Path.of(System.getProperty("ringshot.root", ".."));
    Path source = root.resolve("examples/com/acme/MyDisk.java");
    var output = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var options =
        List.of("-proc:none", "-Xlint:all", "-Werror", "-d", folder.toString(), "-cp", classPath());
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjects(source);
      assertTrue(
          compiler.getTask(output, files, null, options, null, units).call(), output::toString);
    }
    try (var classes = new URLClassLoader(new URL[] {folder.toUri().toURL()}, loader)) {
      BlockTarget target = TargetSpec.parse("com.acme.MyDisk:size=1M").open(kernel, classes);
      try (var bench = new TargetBench(kernel, target)) {
        bench.write(4096, 4096, 3);
        assertEquals(0, bench.run(BlockOp.FLUSH, 0, 0));
        bench.assertReads(4096, 4096, 3);
        bench.assertReads(0, 4096, 0);
      }
    }
  }

  private static String classPath() throws Exception {
    var paths = new java.util.ArrayList<String>();
    for (Class<?> type : List.of(BlockTarget.class, Ring.class, dev.ringshot.abi.Kernel.class)) {
      paths.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(java.io.File.pathSeparator, paths);
  }
}
