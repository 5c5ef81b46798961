package dev.ringshot.cli.serve;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The disk as Linux has it, `/dev/ublkbN`.
///
/// @param disk it
/// @param path of it
record DeviceNode(ServedDisk disk, Path path) implements Access {
  private static final long LIMIT_SECONDS = 30;

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
    var flushed = new CompletableFuture<Void>();
    Thread.ofPlatform().daemon().name("flush").start(() -> flush(flushed));
    var over = disk.ended().handle((_, _) -> true); // then there is nobody to flush to
    try {
      var _ = CompletableFuture.anyOf(flushed, over).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      String after = " is not done after " + LIMIT_SECONDS + " s: stopped without it";
      throw new ServeFailed("flush of " + path + after, e);
    } catch (ExecutionException e) {
      throw new ServeFailed("flush of " + path + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServeFailed("interrupted", e);
    }
  }

  private void flush(CompletableFuture<Void> flushed) {
    try (var open =
        FileChannel.open(path, StandardOpenOption.READ)) { // closing a writer is news to udev
      open.force(true);
      flushed.complete(null);
    } catch (NoSuchFileException _) {
      flushed.complete(null); // somebody else has stopped it, and what was to be flushed was
    } catch (IOException | RuntimeException e) {
      flushed.completeExceptionally(e);
    }
  }
}
