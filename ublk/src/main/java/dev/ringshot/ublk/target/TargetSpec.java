package dev.ringshot.ublk.target;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Kernel;
import dev.ringshot.ublk.BlockOp;
import dev.ringshot.ublk.BlockTarget;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A target in words, as a command line has it: `NAME:ARGUMENT,…`, where an argument is `KEY=VALUE`
/// or a word. The package page lists what there is.
///
/// A name with a dot is a class of the user's own, public and a [BlockTarget], with the first of
/// these public constructors that it has: `(Kernel, TargetSpec)`, `(TargetSpec)`, `()`.
///
/// Sizes are bytes, with K, M, G or T for powers of 1024; times end in ns, us, ms or s.
///
/// @param name what it is
/// @param words arguments without `=`, in their order
/// @param values arguments with one
public record TargetSpec(String name, List<String> words, Map<String, String> values) {
  private static final Pattern SIZE = Pattern.compile("(\\d+)([KMGTkmgt]?)(?:i?B)?");

  /// Keeps its own copies.
  public TargetSpec {
    words = List.copyOf(words);
    values = Map.copyOf(values);
  }

  /// Reads one.
  ///
  /// @throws IllegalArgumentException if a key comes twice, or there is no name
  public static TargetSpec parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    if (name.isEmpty()) throw new IllegalArgumentException("no target: '" + text + "'");
    List<String> words = new ArrayList<>();
    Map<String, String> values = new LinkedHashMap<>();
    for (String argument : colon < 0 ? new String[0] : text.substring(colon + 1).split(",", -1)) {
      int equals = argument.indexOf('=');
      if (argument.isEmpty()) continue;
      if (equals < 0) {
        words.add(argument);
      } else if (values.put(argument.substring(0, equals), argument.substring(equals + 1))
          != null) {
        throw new IllegalArgumentException("twice in " + text + ": " + argument);
      }
    }
    return new TargetSpec(name, words, values);
  }

  /// As [#parse] reads it.
  public String text() {
    List<String> arguments = new ArrayList<>(words);
    values.forEach((key, value) -> arguments.add(key + "=" + value));
    return arguments.isEmpty() ? name : name + ":" + String.join(",", arguments);
  }

  /// The same with absolute paths of [#files].
  ///
  /// @param folder of those that are relative
  public TargetSpec in(Path folder) {
    List<String> files = files();
    List<String> resolved = new ArrayList<>();
    for (String word : words)
      resolved.add(files.contains(word) ? folder.resolve(word).toString() : word);
    return new TargetSpec(name, resolved, values);
  }

  // ---- To targets

  /// Makes the disk. It may open files on a ring of its own, and wait for them.
  ///
  /// @param loader of classes of the user's own
  /// @throws IllegalArgumentException if there is no such target, or an argument is wrong
  public BlockTarget open(Kernel kernel, ClassLoader loader) {
    return switch (name) {
      case "null" -> allowing("size").with(spec -> new NullTarget(spec.size("size", 1L << 30)));
      case "mem" -> allowing("size").with(spec -> new MemTarget(spec.size("size", 1L << 30)));
      case "file" -> allowing("offset", "size").with(spec -> spec.file(kernel, spec.path()));
      case "stripe" -> allowing("chunk", "size").with(spec -> spec.stripe(kernel));
      default -> {
        if (name.indexOf('.') < 0) throw unknown("null, mem, file, stripe or a class");
        yield instantiate(kernel, loader);
      }
    };
  }

  /// Puts what is described before `target`.
  ///
  /// @param lines where `trace` goes
  /// @throws IllegalArgumentException if there is no such thing, or an argument is wrong
  public BlockTarget before(BlockTarget target, Consumer<String> lines) {
    return switch (name) {
      case "faulty" -> faulty(target);
      case "delay" -> new DelayTarget(target, byOp(Duration.class, TargetSpec::duration));
      case "readonly" -> allowing().with(spec -> new ReadOnlyTarget(target));
      case "trace" -> allowing().with(spec -> new TraceTarget(target, lines));
      default -> throw unknown("faulty, delay, readonly or trace");
    };
  }

  private IllegalArgumentException unknown(String known) {
    return new IllegalArgumentException("no target is called " + name + "; there are " + known);
  }

  private FileTarget file(Kernel kernel, String path) {
    boolean create = words.contains("create");
    var options =
        new FileOptions(
            size("offset", 0),
            size("size", 0),
            words.contains("direct"),
            words.contains("readonly"),
            create);
    return FileTarget.open(kernel, path, options);
  }

  /// The one word that is no option.
  private String path() {
    List<String> paths = paths();
    if (paths.size() == 1) return paths.getFirst();
    throw new IllegalArgumentException(name + " takes one path, not " + paths);
  }

  /// The files, or disks, that [#open] opens for a target of this module; empty for others. Nothing
  /// else keeps others from writing to them.
  public List<String> files() {
    return name.equals("file") || name.equals("stripe") ? paths() : List.of();
  }

  private List<String> paths() {
    return words.stream()
        .filter(word -> !List.of("direct", "readonly", "create").contains(word))
        .toList();
  }

  private StripeTarget stripe(Kernel kernel) {
    List<BlockTarget> disks = new ArrayList<>();
    try {
      for (String path : paths()) disks.add(file(kernel, path));
      return new StripeTarget(disks, Math.toIntExact(size("chunk", 64 << 10)));
    } catch (RuntimeException e) {
      disks.forEach(BlockTarget::close);
      throw e;
    }
  }

  private FaultyTarget faulty(BlockTarget target) {
    Map<BlockOp, Double> rates =
        byOp(Double.class, Double::parseDouble, "from", "to", "errno", "seed");
    return new FaultyTarget(
        target,
        rates,
        size("from", 0),
        size("to", Long.MAX_VALUE),
        errno(values.getOrDefault("errno", "EIO")),
        Long.parseUnsignedLong(values.getOrDefault("seed", "0")));
  }

  private static int errno(String symbol) {
    for (int errno = 1; errno <= Errno.EHWPOISON; errno++) {
      if (Errno.name(errno).equals(symbol)) return errno;
    }
    throw new IllegalArgumentException("no errno is called " + symbol);
  }

  /// Arguments that are named as operations are, `write-zeroes`; or `all`.
  private <T> Map<BlockOp, T> byOp(Class<T> type, Function<String, T> read, String... others) {
    Map<BlockOp, T> byOp = new EnumMap<>(BlockOp.class);
    for (BlockOp op : BlockOp.values()) {
      String value = values.getOrDefault(key(op), values.get("all"));
      if (value != null) byOp.put(op, type.cast(read.apply(value)));
    }
    for (String key : values.keySet()) {
      boolean isOp = key.equals("all");
      for (BlockOp op : BlockOp.values()) isOp |= key(op).equals(key);
      if (!isOp && !List.of(others).contains(key)) throw noArgument(key);
    }
    return byOp;
  }

  private static String key(BlockOp op) {
    return op.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private IllegalArgumentException noArgument(String key) {
    return new IllegalArgumentException(name + " has no argument " + key);
  }

  private TargetSpec allowing(String... keys) {
    for (String key : values.keySet()) if (!List.of(keys).contains(key)) throw noArgument(key);
    return this;
  }

  private BlockTarget with(Function<TargetSpec, BlockTarget> maker) {
    return maker.apply(this);
  }

  private BlockTarget instantiate(Kernel kernel, ClassLoader loader) {
    try {
      Class<?> type = Class.forName(name, true, loader);
      return (BlockTarget) construct(type, kernel);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      throw new IllegalArgumentException(name + " cannot be made: " + e.getCause(), e);
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new IllegalArgumentException(
          name
              + " is not a public class that implements BlockTarget, with a public constructor"
              + " (Kernel, TargetSpec), (TargetSpec) or (): "
              + e,
          e);
    }
  }

  private Object construct(Class<?> type, Kernel kernel) throws ReflectiveOperationException {
    try {
      return type.getConstructor(Kernel.class, TargetSpec.class).newInstance(kernel, this);
    } catch (NoSuchMethodException e) {
      try {
        return type.getConstructor(TargetSpec.class).newInstance(this);
      } catch (NoSuchMethodException e2) {
        return type.getConstructor().newInstance();
      }
    }
  }

  // ---- Arguments

  /// A size among the arguments, in bytes.
  ///
  /// @param otherwise if it is not there
  public long size(String key, long otherwise) {
    String value = values.get(key);
    return value == null ? otherwise : bytes(value);
  }

  /// A size in words: bytes, or `64K`, `64KB` or `64KiB`, and so on with M, G and T, of powers of
  /// 1024.
  ///
  /// @throws IllegalArgumentException if it is none, or more than 2⁶³ - 1
  public static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches())
      throw new IllegalArgumentException("'" + text + "' is no size; say 512, 64K, 1G");
    String unit = matcher.group(2).toUpperCase(Locale.ROOT);
    int shift = unit.isEmpty() ? 0 : 10 * (1 + "KMGT".indexOf(unit));
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is too large a size", e);
    }
  }

  /// A time in words: `5ms`.
  public static Duration duration(String text) {
    String digits = text.replaceFirst("[a-z]+$", "");
    try {
      long count = Long.parseLong(digits);
      return switch (text.substring(digits.length())) {
        case "ns" -> Duration.ofNanos(count);
        case "us" -> Duration.ofNanos(Math.multiplyExact(count, 1_000));
        case "ms" -> Duration.ofMillis(count);
        case "s" -> Duration.ofSeconds(count);
        default -> throw new NumberFormatException(text);
      };
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("not a time: '" + text + "'; say 50us, 5ms, 1s", e);
    }
  }
}
