package dev.ringshot.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A strict reader of the JSON (RFC 8259) that this project writes: one object. Refuses everything
/// else.
public record JsonObject(Map<String, @Nullable Object> members) {
  public static JsonObject of(String text) {
    var reader = new Reader(text);
    Object value = reader.value();
    reader.end();
    if (value instanceof JsonObject object) return object;
    throw new IllegalArgumentException("no object: " + text);
  }

  List<String> keys() {
    return List.copyOf(members.keySet());
  }

  public @Nullable Object get(String key) {
    if (!members.containsKey(key)) throw new IllegalArgumentException("no " + key + " in " + this);
    return members.get(key);
  }

  public double decimal(String key) {
    if (get(key) instanceof Double number) return number;
    throw new IllegalArgumentException("no decimal " + key + " in " + this);
  }

  public long number(String key) {
    if (get(key) instanceof Long number) return number;
    throw new IllegalArgumentException("no number " + key + " in " + this);
  }

  public List<?> list(String key) {
    if (get(key) instanceof List<?> list) return list;
    throw new IllegalArgumentException("no list " + key + " in " + this);
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    @Nullable Object value() {
      char c = text.charAt(at);
      return switch (c) {
        case '{' -> object();
        case '[' -> array();
        case '"' -> string();
        case 't' -> word("true", true);
        case 'f' -> word("false", false);
        case 'n' -> word("null", null);
        default -> number();
      };
    }

    void end() {
      if (at != text.length())
        throw new IllegalArgumentException("more after " + at + " in " + text);
    }

    private void expect(char c) {
      if (text.charAt(at++) != c)
        throw new IllegalArgumentException("no " + c + " before " + at + " in " + text);
    }

    private boolean next(char separator, char last) {
      char c = text.charAt(at++);
      if (c != separator && c != last)
        throw new IllegalArgumentException("bad " + c + " in " + text);
      return c == separator;
    }

    private JsonObject object() {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      expect('{');
      if (text.charAt(at) == '}') {
        at++;
        return new JsonObject(members);
      }
      do {
        String key = string();
        expect(':');
        if (members.containsKey(key)) throw new IllegalArgumentException(key + " twice in " + text);
        members.put(key, value());
      } while (next(',', '}'));
      return new JsonObject(members);
    }

    private List<@Nullable Object> array() {
      List<@Nullable Object> items = new ArrayList<>();
      expect('[');
      if (text.charAt(at) == ']') {
        at++;
        return items;
      }
      do items.add(value());
      while (next(',', ']'));
      return items;
    }

    private String string() {
      var string = new StringBuilder();
      expect('"');
      for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
        if (c < ' ') throw new IllegalArgumentException("control character in " + text);
        string.append(c == '\\' ? escaped() : c);
      }
      return string.toString();
    }

    private char escaped() {
      char c = text.charAt(at++);
      if (c == '"' || c == '\\' || c == '/') return c;
      if (c != 'u') throw new IllegalArgumentException("bad escape " + c + " in " + text);
      at += 4;
      return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }

    private @Nullable Object word(String word, @Nullable Object value) {
      if (!text.startsWith(word, at))
        throw new IllegalArgumentException("bad word at " + at + " in " + text);
      at += word.length();
      return value;
    }

    private Object number() {
      int start = at;
      while (at < text.length() && "-.0123456789".indexOf(text.charAt(at)) >= 0) at++;
      String number = text.substring(start, at);
      if (number.indexOf('.') < 0) return Long.valueOf(number);
      return Double.valueOf(number);
    }
  }
}
