package dev.ringshot.conformance.differ;

import dev.ringshot.conformance.rig.Names;
import java.util.ArrayList;
import java.util.List;

/// Prints a difference as a conformance case, to be given a name and put into a class of cases.
final class CaseText {
  private final StringBuilder text = new StringBuilder();
  private final List<String> blocks = new ArrayList<>();

  private CaseText() {}

  /// The case, with both traces above it.
  static String of(Difference difference) {
    var text = new CaseText();
    text.write(difference);
    return text.text.toString();
  }

  private void write(Difference difference) {
    Program program = difference.program();
    line("  // seed " + program.seed() + ", step " + difference.step() + ":");
    line("  //   expected " + difference.expected());
    line("  //   seen     " + difference.seen());
    line("  @Case");
    line("  public void seed" + Long.toUnsignedString(program.seed()) + "(Rig t) {");
    line("    MemorySegment memory = t.memory(" + World.DATA_BYTES + "L);");
    line("    long data = memory.address();");
    for (int i = 0; i < program.files().size(); i++) open(program.files().get(i), i);
    line(
        "    RawRing ring = t.ring(%d, params -> params.flags(%s).cqEntries(%d));"
            .formatted(
                program.sqEntries(),
                Names.flags("IORING_SETUP_", program.setupFlags()),
                program.cqEntries()));
    for (Step step : program.steps()) write(step);
    line("    ring.expect(); // " + difference.seen());
    line("  }");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void open(FileKind kind, int index) {
    String what =
        switch (kind) {
          case PIPE -> "Ends f%d = t.pipe();";
          case STREAM -> "Ends f%d = t.socketPair(SOCK_STREAM);";
          case SEQPACKET -> "Ends f%d = t.socketPair(SOCK_SEQPACKET);";
          case DGRAM -> "Ends f%d = t.socketPair(SOCK_DGRAM);";
          case EVENTFD -> "int f%d = t.eventfd();";
          case REGULAR -> "int f%d = t.open(t.file(new byte[200]), O_RDWR);";
          case NULL -> "int f%d = t.open(\"/dev/null\", O_RDWR);";
          case ZERO -> "int f%d = t.open(\"/dev/zero\", O_RDWR);";
          case LISTENER -> "int f%d = t.own(\"listen\", t.host().tcpListener());";
          case UDP ->
              "int f%d = t.own(\"socket\", t.host().udpSocket()); // and its peer, connected";
          case DEVICE -> "int f%d = RefDevice.open(t).fd();";
          case POLLABLE_DEVICE -> "int f%d = RefDevice.openPollable(t).fd();";
        };
    line("    " + what.formatted(index));
  }

  private void write(Step step) {
    switch (step) {
      case Step.Submit submit -> {
        for (Entry entry : submit.entries()) write(entry);
        line("    ring.enter(ring.publish(), 0, " + submit.flags() + ");");
      }
      case Step.Register register ->
          line(
              "    ring.register(%s, %s, %d);"
                  .formatted(
                      Names.value("IORING_REGISTER_", register.opcode()),
                      value(register.arg()),
                      register.count()));
      case Step.Write write ->
          line("    t.write(%s, %d);".formatted(end(write.file(), write.end()), write.length()));
      case Step.Close close ->
          line("    t.host().close(%s);".formatted(end(close.file(), close.end())));
      case Step.Shutdown down ->
          line(
              "    t.host().shutdown(%s, %d);".formatted(end(down.file(), down.end()), down.how()));
      case Step.AddGroup _,
          Step.Provide _,
          Step.Enter _,
          Step.Head _,
          Step.Reap _,
          Step.Read _,
          Step.Connect _,
          Step.CqFlags _,
          Step.SqArray _,
          Step.Raise _ ->
          line("    // " + step);
    }
  }

  private void write(Entry entry) {
    var sqe = new StringBuilder("    ring.sqe(" + entry.userData() + ")");
    sqe.append(
        ".prepare(%s, %s, %s, %d, %s)"
            .formatted(
                Names.value("IORING_OP_", entry.opcode()),
                value(entry.fd()),
                value(entry.addr()),
                entry.len(),
                value(entry.off())));
    if (entry.flags() != 0)
      sqe.append(".flags(").append(Names.flags("IOSQE_", entry.flags())).append(')');
    if (entry.ioprio() != 0) sqe.append(".ioprio(").append(entry.ioprio()).append(')');
    if (entry.opFlags() != 0) sqe.append(".opFlags(").append(entry.opFlags()).append(')');
    if (entry.bufIndex() != 0) sqe.append(".bufIndex(").append(entry.bufIndex()).append(')');
    if (entry.personality() != 0)
      sqe.append(".personality(").append(entry.personality()).append(')');
    if (entry.fileIndex() != 0) sqe.append(".fileIndex(").append(entry.fileIndex()).append(')');
    if (!entry.addr3().equals(Operand.ZERO))
      sqe.append(".addr3(").append(value(entry.addr3())).append(')');
    if (entry.pad2() != 0) sqe.append(".pad2(").append(entry.pad2()).append(')');
    line(sqe.append(';').toString());
  }

  private static String end(int file, int end) {
    return "f" + file + (end == 0 ? ".near()" : ".far()");
  }

  private String value(Operand operand) {
    return switch (operand) {
      case Operand.Fd fd -> end(fd.file(), fd.end());
      case Operand.Block block -> block(block);
      case Operand.Plain _,
          Operand.Made _,
          Operand.Self _,
          Operand.Peer _,
          Operand.Data _,
          Operand.GroupRing _ ->
          operand.toString();
    };
  }

  private String block(Operand.Block block) {
    String name = "block" + blocks.size();
    blocks.add(name);
    line("    MemorySegment " + name + " = t.memory(" + block.size() + "L);");
    for (Operand.Field field : block.fields()) {
      String value = value(field.value());
      String layout =
          switch (field.bytes()) {
            case 1 -> "JAVA_BYTE, %d, (byte) (%s)";
            case 2 -> "JAVA_SHORT, %d, (short) (%s)";
            case 4 -> "JAVA_INT, %d, (int) (%s)";
            default -> "JAVA_LONG, %d, (long) (%s)";
          };
      line("    " + name + ".set(" + layout.formatted(field.at(), value) + ");");
    }
    return name + ".address()";
  }
}
