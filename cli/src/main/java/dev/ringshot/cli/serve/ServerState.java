package dev.ringshot.cli.serve;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// What the server of a device says of itself, for `ublk list`, and for the server that takes over
/// when it has died: a file of [Properties], whose reader and writer Java has.
///
/// A device's number is used again. So a state names the device it is of by something that is not:
/// the number of its folder in sysfs.
///
/// @param pid of the server
/// @param instance of the device, [#instanceOf]
/// @param disk what it serves
/// @param log where it writes, or null
public record ServerState(long pid, long instance, DiskArguments disk, @Nullable String log) {
  private static final Path DEVICES = Path.of("/sys/class/ublk-char");

  /// What tells a device from all others that have had its number.
  ///
  /// @return 0 if there is no such device
  static long instanceOf(int id) {
    try {
      return (Long) Files.getAttribute(DEVICES.resolve("ublkc" + id), "unix:ino");
    } catch (IOException | UnsupportedOperationException e) {
      return 0;
    }
  }

  /// Whether it is of the device that has this number now.
  ///
  /// @param server of the device, as the driver knows it; 0 or less for none
  public boolean isOf(int id, long server) {
    return instance != 0 && instance == instanceOf(id) && (server <= 0 || server == pid);
  }

  void write(Path file) throws IOException {
    var words = new Properties();
    words.setProperty("pid", String.valueOf(pid));
    words.setProperty("instance", String.valueOf(instance));
    words.setProperty("type", disk.type());
    if (disk.file() != null) words.setProperty("file", disk.file());
    if (disk.size() != null) words.setProperty("size", String.valueOf(disk.size()));
    words.setProperty("direct", String.valueOf(disk.isDirect()));
    words.setProperty("readonly", String.valueOf(disk.isReadOnly()));
    if (log != null) words.setProperty("log", log);
    try (var writer = Files.newBufferedWriter(file)) {
      words.store(writer, null);
    }
  }

  /// @throws ServeFailed if there is something else in the file
  static ServerState read(Path file) throws IOException {
    var words = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      words.load(reader);
      String size = words.getProperty("size");
      var disk =
          new DiskArguments(
              need(words, "type"),
              words.getProperty("file"),
              size == null ? null : Long.valueOf(size),
              Boolean.parseBoolean(need(words, "direct")),
              Boolean.parseBoolean(need(words, "readonly")));
      return new ServerState(
          Long.parseLong(need(words, "pid")),
          Long.parseLong(need(words, "instance")),
          disk,
          words.getProperty("log"));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new ServeFailed(
          file + " is not the state of a server (" + e.getMessage() + "): remove it", e);
    }
  }

  private static String need(Properties words, String key) {
    String value = words.getProperty(key);
    if (value == null) throw new IllegalArgumentException("no " + key);
    return value;
  }
}
