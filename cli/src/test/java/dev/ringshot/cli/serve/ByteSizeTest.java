package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "512,512",
    "4K,4096",
    "1m,1048576",
    "1G,1073741824",
    "2T,2199023255552",
    "1GiB,1073741824",
    "1MB,1048576"
  })
  void lettersArePowersOf1024(String text, long bytes) {
    assertEquals(bytes, ByteSize.of(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5G", "G", "1P", "9223372036854775808", "8388608T"})
  void saysWhatIsNoSize(String text) {
    assertThrows(TypeConversionException.class, () -> ByteSize.of(text));
  }

  @Test
  void isShownInTheLargestUnitWithoutRest() {
    assertEquals("256M", ByteSize.exactly(256L << 20));
    assertEquals("1025K", ByteSize.exactly(1025L << 10));
    assertEquals("1537 bytes", ByteSize.exactly(1537));
  }
}
