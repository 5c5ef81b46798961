package dev.ringshot.abi;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Every public number of this module, found by reflection, and what C calls it.
final class Vocabulary {
  /// Where the constants with `prefix` of a class are offsets in the C structure `struct`; the one
  /// that is called `prefix` and `SIZE` is its size.
  private record Layout(String type, String prefix, String struct) {
    boolean covers(String type, String name) {
      if (!this.type.equals(type)) return false;
      boolean isPrefix = prefix.isEmpty() || prefix.endsWith("_");
      return isPrefix ? name.startsWith(prefix) : name.equals(prefix);
    }
  }

  /// The longest prefix of a class comes first. A class that is not named here has plain constants.
  private static final List<Layout> LAYOUTS =
      List.of(
          new Layout("BufferRingLayout", "BUF_", "struct io_uring_buf"),
          new Layout("BufferRingLayout", "REG_", "struct io_uring_buf_reg"),
          new Layout("BufferRingLayout", "STATUS_", "struct io_uring_buf_status"),
          new Layout("BufferRingLayout", "", "struct io_uring_buf_ring"),
          new Layout("ClockRegister", "", "struct io_uring_clock_register"),
          new Layout("Cqe", "", "struct io_uring_cqe"),
          new Layout("FileIndexRange", "", "struct io_uring_file_index_range"),
          new Layout("FilesUpdate", "", "struct io_uring_files_update"),
          new Layout("GeteventsArg", "", "struct io_uring_getevents_arg"),
          new Layout("Iovec", "", "struct iovec"),
          new Layout("Msghdr", "", "struct msghdr"),
          new Layout("Probe", "OP", "struct io_uring_probe_op"),
          new Layout("Probe", "OP_", "struct io_uring_probe_op"),
          new Layout("Probe", "", "struct io_uring_probe"),
          new Layout("Query", "HDR_", "struct io_uring_query_hdr"),
          new Layout("Query", "SCQ_", "struct io_uring_query_scq"),
          new Layout("Query", "ZCRX_EVENT_", "struct io_uring_query_zcrx_event"),
          new Layout("Query", "ZCRX_", "struct io_uring_query_zcrx"),
          new Layout("Query", "", "struct io_uring_query_opcode"),
          new Layout("RecvmsgOut", "", "struct io_uring_recvmsg_out"),
          new Layout("Restriction", "", "struct io_uring_restriction"),
          new Layout("RingParams", "", "struct io_uring_params"),
          new Layout("RsrcRegister", "", "struct io_uring_rsrc_register"),
          new Layout("RsrcUpdate", "", "struct io_uring_rsrc_update2"),
          new Layout("SqeLayout", "", "struct io_uring_sqe"),
          new Layout("Stat", "STX_", "struct statx"),
          new Layout("SyncCancelReg", "", "struct io_uring_sync_cancel_reg"),
          new Layout("Timespec", "", "struct __kernel_timespec"),
          new Layout("AutoBufReg", "", "struct ublk_auto_buf_reg"),
          new Layout("BatchIo", "", "struct ublk_batch_io"),
          new Layout("ElemHeader", "", "struct ublk_elem_header"),
          new Layout("CtrlCmd", "", "struct ublksrv_ctrl_cmd"),
          new Layout("DevInfo", "", "struct ublksrv_ctrl_dev_info"),
          new Layout("IoCmd", "", "struct ublksrv_io_cmd"),
          new Layout("IoDesc", "", "struct ublksrv_io_desc"),
          new Layout("Params", "", "struct ublk_params"),
          new Layout("ShmemBufReg", "", "struct ublk_shmem_buf_reg"),
          new Layout("Socket", "SIN_", "struct sockaddr_in"),
          new Layout("Socket", "SIN6_", "struct sockaddr_in6"),
          new Layout("Socket", "SUN_", "struct sockaddr_un"));

  /// Fields whose C names keep the prefix of the constant.
  private static final List<String> PREFIX_IS_PART_OF_NAME =
      List.of("STX_", "SIN_", "SIN6_", "SUN_");

  /// What no rule says: the C expression of a constant, or the field of an offset.
  private static final Map<String, String> EXCEPTIONS =
      Map.ofEntries(
          Map.entry("Cqe.SIZE32", "2 * sizeof(struct io_uring_cqe)"),
          Map.entry("SqeLayout.SIZE128", "2 * sizeof(struct io_uring_sqe)"),
          Map.entry("Stat.SIZE", "sizeof(struct statx)"),
          Map.entry("Socket.SOCKADDR_IN_SIZE", "sizeof(struct sockaddr_in)"),
          Map.entry("Socket.SOCKADDR_IN6_SIZE", "sizeof(struct sockaddr_in6)"),
          Map.entry("Socket.SOCKADDR_UN_SIZE", "sizeof(struct sockaddr_un)"),
          Map.entry("Query.OPCODES_SIZE", "sizeof(struct io_uring_query_opcode)"),
          Map.entry("Query.IO_URING_QUERY_OPCODES", "IO_URING_QUERY_OPCODES"),
          Map.entry("Query.IO_URING_QUERY_ZCRX", "IO_URING_QUERY_ZCRX"),
          Map.entry("Query.IO_URING_QUERY_SCQ", "IO_URING_QUERY_SCQ"),
          Map.entry("Query.IO_URING_QUERY_ZCRX_EVENT", "IO_URING_QUERY_ZCRX_EVENT"));

  private static final Map<String, String> FIELDS =
      Map.of(
          "Probe.OP", "op",
          "Query.HDR_SIZE_OF", "size",
          "SqeLayout.OP_FLAGS", "rw_flags",
          "SqeLayout.PAD1", "__pad1",
          "SqeLayout.PAD2", "__pad2");

  /// Structures in structures: `BASIC_ATTRS` is `basic.attrs`.
  private static final List<String> PARTS =
      List.of("sq_off", "cq_off", "basic", "discard", "devt", "zoned", "dma", "seg", "integrity");

  /// One number.
  ///
  /// @param key class and name, `Cqe.SIZE`
  /// @param expression what C computes it by
  /// @param size what C computes the size of the field by, if it is an offset; else empty
  record Word(String key, String type, Object value, String expression, String size) {
    /// Whether C's value has the bits of ours.
    boolean agrees(long c) {
      if (value instanceof Long ours) return c == ours;
      int ours = (Integer) value;
      return c == ours || c == Integer.toUnsignedLong(ours);
    }
  }

  private final Map<String, Word> words = new TreeMap<>();

  /// All public numbers of all public types of this module.
  Vocabulary() {
    for (Class<?> type : types()) {
      for (Field field : type.getDeclaredFields()) {
        boolean isNumber = field.getType() == int.class || field.getType() == long.class;
        int modifiers = field.getModifiers();
        if (!isNumber || !Modifier.isPublic(modifiers) || !Modifier.isStatic(modifiers)) continue;
        try {
          Word word = word(type.getSimpleName(), field.getName(), field.get(null));
          words.put(word.key, word);
        } catch (IllegalAccessException e) {
          throw new AssertionError(field.toString(), e);
        }
      }
    }
  }

  /// The words, sorted by key.
  List<Word> words() {
    return List.copyOf(words.values());
  }

  /// One word.
  Word word(String key) {
    Word word = words.get(key);
    if (word == null) throw new AssertionError(key + " is no public number of this module");
    return word;
  }

  private static Word word(String type, String name, Object value) {
    String key = type + "." + name;
    String exception = EXCEPTIONS.get(key);
    if (exception != null) return new Word(key, type, value, exception, "");
    for (Layout layout : LAYOUTS) {
      if (!layout.covers(type, name)) continue;
      boolean keeps = PREFIX_IS_PART_OF_NAME.contains(layout.prefix);
      if (!keeps && name.equals(layout.prefix + "SIZE")) {
        return new Word(key, type, value, "sizeof(" + layout.struct + ")", "");
      }
      String field = FIELDS.getOrDefault(key, field(layout, type, name));
      return new Word(
          key,
          type,
          value,
          "__builtin_offsetof(" + layout.struct + ", " + field + ")",
          "sizeof(((" + layout.struct + " *) 0)->" + field + ")");
    }
    return new Word(key, type, value, name, "");
  }

  private static String field(Layout layout, String type, String name) {
    boolean keeps = PREFIX_IS_PART_OF_NAME.contains(layout.prefix);
    String field = keeps ? name : name.substring(layout.prefix.length());
    field = field.toLowerCase(Locale.ROOT);
    if (!type.equals("Params") && !type.equals("RingParams")) return field;
    for (String part : PARTS) {
      if (field.startsWith(part + "_")) return part + "." + field.substring(part.length() + 1);
    }
    return field;
  }

  private static List<Class<?>> types() {
    List<Class<?>> types = new ArrayList<>();
    try {
      Path classes =
          Path.of(Kernel.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (String folder : List.of("dev/ringshot/abi", "dev/ringshot/abi/ublk")) {
        try (var files = Files.list(classes.resolve(folder))) {
          for (Path file : files.sorted().toList()) {
            String name = file.getFileName().toString();
            if (!name.endsWith(".class") || name.contains("-")) continue;
            name = name.substring(0, name.length() - ".class".length());
            Class<?> type = Class.forName(folder.replace('/', '.') + "." + name);
            if (Modifier.isPublic(type.getModifiers())) types.add(type);
          }
        }
      }
    } catch (IOException | URISyntaxException | ClassNotFoundException e) {
      throw new AssertionError("this module's classes cannot be listed", e);
    }
    return types;
  }
}
