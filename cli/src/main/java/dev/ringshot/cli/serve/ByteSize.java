package dev.ringshot.cli.serve;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Sizes as people write them: a number of bytes, or one with K, M, G or T, which are powers of
/// 1024.
final class ByteSize implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("(\\d+)([KMGT]?)(?:i?B)?");
  private static final String UNITS = "KMGT";

  @Override
  public Long convert(String text) {
    return of(text);
  }

  /// @throws TypeConversionException if it is not a size, or more bytes than a file can have
  static long of(String text) {
    Matcher matcher = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT).replace("IB", "B"));
    if (!matcher.matches())
      throw new TypeConversionException(
          "'" + text + "' is no size; write bytes, or 512K, 256M, 1G, where K is 1024");
    int shift = matcher.group(2).isEmpty() ? 0 : 10 * (1 + UNITS.indexOf(matcher.group(2)));
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new TypeConversionException("'" + text + "' is more than 2^63 - 1 bytes");
    }
  }

  /// In the largest unit that leaves no rest, `256M`.
  static String exactly(long bytes) {
    int unit = 0;
    while (bytes != 0 && bytes % 1024 == 0 && unit < UNITS.length()) {
      bytes /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " bytes" : bytes + UNITS.substring(unit - 1, unit);
  }
}
