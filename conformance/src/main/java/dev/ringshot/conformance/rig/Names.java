package dev.ringshot.conformance.rig;

import dev.ringshot.abi.IoUring;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The C names of [IoUring]'s constants, for messages and traces.
public final class Names {
  private static final Map<String, Map<Long, String>> BY_PREFIX = new ConcurrentHashMap<>();

  private Names() {}

  /// The constant with this prefix and value, or the number.
  public static String value(String prefix, long value) {
    String name = constants(prefix).get(value);
    return name == null ? Long.toString(value) : name;
  }

  /// Single-bit constants with this prefix, joined by `|`; what is left in hexadecimal; `0` if
  /// none.
  public static String flags(String prefix, int flags) {
    List<String> names = new ArrayList<>();
    long rest = Integer.toUnsignedLong(flags);
    for (var constant : constants(prefix).entrySet()) {
      long bit = constant.getKey() & 0xffff_ffffL;
      if (Long.bitCount(bit) != 1 || (rest & bit) == 0) continue;
      names.add(constant.getValue());
      rest &= ~bit;
    }
    if (rest != 0) names.add("0x" + Long.toHexString(rest));
    return names.isEmpty() ? "0" : String.join("|", names);
  }

  private static Map<Long, String> constants(String prefix) {
    return BY_PREFIX.computeIfAbsent(prefix, Names::read);
  }

  private static Map<Long, String> read(String prefix) {
    Map<Long, String> constants = new LinkedHashMap<>();
    for (Field field : IoUring.class.getFields()) {
      if (!field.getName().startsWith(prefix) || field.getName().endsWith("_BIT")) continue;
      try {
        constants.putIfAbsent(((Number) field.get(null)).longValue(), field.getName());
      } catch (IllegalAccessException e) {
        throw new AssertionError(e); // getFields gives public ones only
      }
    }
    return constants;
  }
}
