package dev.ringshot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void escapesQuotesBackslashesAndControlCharacters() {
    assertEquals(
        "{\"a\\\"b\\\\\":\"tab \\u0009 line \\u000a\"}",
        Json.of(Map.of("a\"b\\", "tab \t line \n")));
  }

  @Test
  void writesNothingForEmptyCollectionsButTheirBrackets() {
    assertEquals(
        "[[],{},null,true,-7]",
        Json.of(java.util.Arrays.asList(List.of(), Map.of(), null, true, -7)));
  }

  @Test
  void writesFractionsWithTwoDigits() {
    assertEquals("[0.00,80.50,0.33]", Json.of(List.of(0.0, 80.5, 1 / 3.0)));
    assertEquals(80.5, JsonObject.of("{\"a\":80.50}").decimal("a"));
  }

  @Test
  void readsBackWhatItWrote() {
    String text = Json.of(Map.of("key \u0001 \"", List.of("ä", Long.MIN_VALUE)));
    assertEquals(List.of("ä", Long.MIN_VALUE), JsonObject.of(text).get("key \u0001 \""));
  }
}
