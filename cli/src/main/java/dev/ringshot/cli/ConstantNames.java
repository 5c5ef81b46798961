package dev.ringshot.cli;

import dev.ringshot.abi.IoUring;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The names of `<linux/io_uring.h>`'s constants, by prefix and value.
///
/// @param prefix `IORING_OP_`, `IORING_FEAT_`, …
/// @param byValue what follows the prefix
record ConstantNames(String prefix, Map<Integer, String> byValue) {
  /// The `int` constants of [IoUring] that begin with `prefix`.
  static ConstantNames of(String prefix) {
    var names = new TreeMap<Integer, String>();
    for (var field : IoUring.class.getFields()) {
      if (field.getType() != int.class || !Modifier.isStatic(field.getModifiers())) continue;
      if (!field.getName().startsWith(prefix)) continue;
      try {
        names.put(field.getInt(null), field.getName().substring(prefix.length()));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(field + " is public", e);
      }
    }
    return new ConstantNames(prefix, names);
  }

  /// The name of one value; its number if there is none.
  String name(int value) {
    return byValue.getOrDefault(value, Integer.toString(value));
  }

  /// The names of the bits that are set, lowest first; a bit without a name as `1<<n`.
  List<String> bits(int flags) {
    var bits = new ArrayList<String>();
    for (int rest = flags; rest != 0; rest &= rest - 1) {
      int bit = Integer.lowestOneBit(rest);
      bits.add(byValue.getOrDefault(bit, "1<<" + Integer.numberOfTrailingZeros(bit)));
    }
    return bits;
  }
}
