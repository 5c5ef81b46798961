package dev.ringshot.cli.serve;

import dev.ringshot.ublk.target.TargetSpec;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Sizes as people write them, as [TargetSpec#bytes] reads them.
public final class ByteSize implements ITypeConverter<Long> {
  private static final String UNITS = "KMGT";

  /// Keeps nothing.
  public ByteSize() {}

  @Override
  public Long convert(String text) {
    return of(text);
  }

  /// @throws TypeConversionException if it is not a size
  static long of(String text) {
    try {
      return TargetSpec.bytes(text.strip());
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  /// In the largest unit that leaves no rest, `256M`.
  public static String exactly(long bytes) {
    int unit = 0;
    while (bytes != 0 && bytes % 1024 == 0 && unit < UNITS.length()) {
      bytes /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " bytes" : bytes + UNITS.substring(unit - 1, unit);
  }
}
