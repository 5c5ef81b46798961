package dev.ringshot.conformance.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;

/// The model with one class compiled anew, and the conformance cases on it: a class loader that has
/// its own copy of both, so that nothing in them knows of mutants.
final class MutatedModel extends ClassLoader {
  private static final Path SOURCES =
      Path.of(System.getProperty("ringshot.root", ""), "model/src/main/java/dev/ringshot/model");
  private static final ToolProvider JAVAC = ToolProvider.findFirst("javac").orElseThrow();

  private static final ClassLoader REAL = MutatedModel.class.getClassLoader();

  private final Path mutated;

  private MutatedModel(Path mutated) {
    super(REAL);
    this.mutated = mutated;
  }

  /// The model as it is.
  ///
  /// @param folder an empty one
  static MutatedModel unharmed(Path folder) {
    return new MutatedModel(folder);
  }

  /// The model with the mistake in it.
  ///
  /// @param folder an empty one, for the mutated source and its classes
  /// @throws AssertionError if the mutant does not fit the source any more or does not compile
  static MutatedModel of(Mutant mutant, Path folder) throws IOException {
    Path source = folder.resolve(mutant.source() + ".java");
    Files.createDirectories(source.getParent());
    Files.writeString(
        source, mutant.applyTo(Files.readString(SOURCES.resolve(mutant.source() + ".java"))));
    var messages = new StringWriter();
    var out = new PrintWriter(messages);
    String classes =
        System.getProperty("jdk.module.path", "") + ":" + System.getProperty("java.class.path", "");
    int status =
        JAVAC.run(
            out,
            out,
            "-cp",
            classes,
            "-d",
            folder.toString(),
            "-proc:none",
            "-implicit:none",
            "-nowarn",
            source.toString());
    if (status != 0)
      throw new AssertionError("mutant " + mutant.name() + " does not compile:\n" + messages);
    return new MutatedModel(folder);
  }

  /// Runs the cases on it until one fails.
  ///
  /// @return that case and its failure, or nothing
  String hunt(String topic, String kernel) throws ReflectiveOperationException {
    return this.<String, String>function(CaseHunt.class).apply(topic, kernel);
  }

  /// What programs see on it, by seed and kernel.
  BiFunction<Long, String, String> programs() throws ReflectiveOperationException {
    return function(ProgramTrace.class);
  }

  @SuppressWarnings("unchecked")
  private <A, B> BiFunction<A, B, String> function(Class<?> type)
      throws ReflectiveOperationException {
    return (BiFunction<A, B, String>) loadClass(type.getName()).getConstructor().newInstance();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("dev.ringshot.model.") && !name.startsWith("dev.ringshot.conformance."))
      return super.loadClass(name, resolve);
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String path = name.replace('.', '/') + ".class";
    try (InputStream in = open(path)) {
      if (in == null) throw new ClassNotFoundException(name);
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private @Nullable InputStream open(String path) throws IOException {
    Path own = mutated.resolve(path);
    return Files.exists(own) ? Files.newInputStream(own) : REAL.getResourceAsStream(path);
  }
}
