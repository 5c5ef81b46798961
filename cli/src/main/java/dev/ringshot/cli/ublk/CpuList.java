package dev.ringshot.cli.ublk;

import java.util.BitSet;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads processors, `0-3,7`; brackets around them are allowed, as the `ublk` command wants them.
final class CpuList implements ITypeConverter<BitSet> {
  private static final int CPUS_MAX = 8192; // more than Linux can be built for
  private static final Pattern LIST =
      Pattern.compile("\\d{1,4}(-\\d{1,4})?(,\\d{1,4}(-\\d{1,4})?)*");

  @Override
  public BitSet convert(String text) {
    String list =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (!LIST.matcher(list).matches()) throw wrong(text);
    var cpus = new BitSet();
    for (String range : list.split(",", -1)) {
      String[] ends = range.split("-", -1);
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      if (last < first || last >= CPUS_MAX) throw wrong(text);
      cpus.set(first, last + 1);
    }
    return cpus;
  }

  private static TypeConversionException wrong(String text) {
    return new TypeConversionException("'" + text + "' is no list of processors, as 0-3,7");
  }
}
