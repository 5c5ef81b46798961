package dev.ringshot.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes JSON on one line: of null, booleans, finite numbers (fractions with two digits), strings,
/// lists and maps in their own order.
public final class Json {
  private Json() {}

  /// As text.
  public static String of(@Nullable Object value) {
    var text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(@Nullable Object value, StringBuilder to) {
    switch (value) {
      case null -> to.append("null");
      case Boolean b -> to.append(b);
      case Integer n -> to.append(n);
      case Long n -> to.append(n);
      case Double n -> to.append(String.format(Locale.ROOT, "%.2f", n));
      case List<?> list -> writeList(list, to);
      case Map<?, ?> map -> writeMap(map, to);
      default -> writeString(value.toString(), to);
    }
  }

  private static void writeList(List<?> list, StringBuilder to) {
    char separator = '[';
    for (Object item : list) {
      to.append(separator);
      write(item, to);
      separator = ',';
    }
    to.append(list.isEmpty() ? "[]" : "]");
  }

  private static void writeMap(Map<?, ?> map, StringBuilder to) {
    char separator = '{';
    for (var entry : map.entrySet()) {
      to.append(separator);
      writeString(entry.getKey().toString(), to);
      to.append(':');
      write(entry.getValue(), to);
      separator = ',';
    }
    to.append(map.isEmpty() ? "{}" : "}");
  }

  private static void writeString(String text, StringBuilder to) {
    to.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') to.append('\\').append(c);
      else if (c < ' ') to.append(String.format("\\u%04x", (int) c));
      else to.append(c);
    }
    to.append('"');
  }
}
