package dev.ringshot.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Getters and setters of the cursors against the offsets and sizes that C gives.
final class AccessorTest {
  private static final int BYTES = 128;

  private final Vocabulary words = new Vocabulary();
  private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, 8);

  @ParameterizedTest
  @CsvSource({"SqeFields, SqeLayout, 22", "RingParams, RingParams, 23"})
  void settersWriteAndGettersReadExactlyTheBytesOfTheirField(
      String cursor, String layout, int fieldsMin) throws ReflectiveOperationException {
    Map<String, Method> setters = setters(cursor, layout);
    Map<String, String> questions = new LinkedHashMap<>();
    for (String key : setters.keySet()) {
      questions.put(key + " offset", words.word(key).expression());
      questions.put(key + " size", words.word(key).size());
    }

    Map<String, Long> c = KernelHeaders.of("x86_64-linux-gnu").evaluate(questions);

    assertTrue(setters.size() >= fieldsMin, "found only " + setters.keySet());
    for (var entry : setters.entrySet()) {
      String key = entry.getKey();
      int offset = c.getOrDefault(key + " offset", -1L).intValue();
      int size = c.getOrDefault(key + " size", -1L).intValue();
      byte[] expected = new byte[BYTES];
      Arrays.fill(expected, offset, offset + size, (byte) -1);
      memory.fill((byte) 0);
      Object target = cursor.equals("RingParams") ? new RingParams().at(memory, 0) : sqe();

      Object read = setAndGet(entry.getValue(), target);

      assertEquals(
          Arrays.toString(expected), Arrays.toString(memory.toArray(ValueLayout.JAVA_BYTE)), key);
      long unsigned = size < Integer.BYTES ? (1L << (size * 8)) - 1 : -1;
      assertEquals(unsigned, ((Number) read).longValue(), key);
    }
  }

  private Sqe sqe() {
    return new Sqe().at(memory, 0);
  }

  private static Object setAndGet(Method setter, Object target)
      throws ReflectiveOperationException {
    Method getter = setter.getDeclaringClass().getMethod(setter.getName());
    try {
      Object result =
          setter.getParameterTypes()[0] == long.class
              ? setter.invoke(target, -1L)
              : setter.invoke(target, -1);
      assertEquals(target, result);
      return getter.invoke(target);
    } catch (InvocationTargetException e) {
      throw new AssertionError(setter.toString(), e.getCause());
    }
  }

  /// Methods that have one number and a getter of the same name, by the key of their offset.
  private static Map<String, Method> setters(String cursor, String layout)
      throws ClassNotFoundException {
    Map<String, Method> setters = new LinkedHashMap<>();
    Class<?> type = Class.forName("dev.ringshot.abi." + cursor);
    List<Class<?>> numbers = List.of(int.class, long.class);
    for (Method method : type.getDeclaredMethods()) {
      if (!Modifier.isPublic(method.getModifiers()) || method.getParameterCount() != 1) continue;
      if (!numbers.contains(method.getParameterTypes()[0])) continue;
      if (method.getName().matches("cmd(Byte|Short|Int|Long)")) continue; // at any offset
      String name = method.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
      setters.put(layout + "." + name, method);
    }
    return setters;
  }
}
