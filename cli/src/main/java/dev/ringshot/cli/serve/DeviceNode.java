package dev.ringshot.cli.serve;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/// The disk as Linux has it, `/dev/ublkbN`.
///
/// @param disk it
/// @param path of it
record DeviceNode(ServedDisk disk, Path path) implements Access {
  @Override
  public String place() {
    return path.toString();
  }

  @Override
  public String trial() {
    return "lsblk " + path;
  }

  @Override
  public Map<String, String> variables() {
    return Map.of("device", path.toString());
  }

  /// Writes what is in the page cache, and flushes. While the device is served: a disk that is
  /// stopped would lose it, and one that was quiesced would wait for another server.
  @Override
  public void close() {
    if (disk.ended().isDone()) return;
    try (var disk =
        FileChannel.open(path, StandardOpenOption.READ)) { // closing a writer is news to udev
      disk.force(true);
    } catch (NoSuchFileException _) {
      // somebody else has stopped it, and what was to be flushed was
    } catch (IOException e) {
      throw new ServeFailed("flush of " + path + ": " + e.getMessage(), e);
    }
  }
}
