package dev.ringshot.nbd;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/// The right to put a socket at a path, for as long as it takes to look who is there, remove what
/// is dead, and listen. Without it, of two servers that start at once, each finds the same dead
/// socket and the second removes what the first has put in its place.
///
/// It is the lock of a file beside the socket, `PATH.lock`, for threads a lock of this process's,
/// because those of files are a process's. The file goes with the claim, and is not empty any more
/// when it does: who has waited for the lock of one that is gone sees that, and takes the next.
final class SocketClaim implements Closeable {
  private static final ReentrantLock OF_THIS_PROCESS = new ReentrantLock();
  private static final int TRIES = 1000;

  private final Path path;
  private final FileChannel channel;

  private SocketClaim(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Waits for those who are at it.
  static SocketClaim of(Path socket) throws IOException {
    OF_THIS_PROCESS.lock();
    try {
      return locked(socket.resolveSibling(socket.getFileName() + ".lock"));
    } catch (IOException | RuntimeException e) {
      OF_THIS_PROCESS.unlock();
      throw e;
    }
  }

  private static SocketClaim locked(Path path) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      FileChannel channel = open(path);
      try {
        channel.lock(); // until it is closed
        if (channel.size() == 0) return new SocketClaim(path, channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      channel.close();
    }
    throw new IOException(path + " is left from a server that died: remove it");
  }

  private static FileChannel open(Path path) throws IOException {
    try {
      return FileChannel.open(
          path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no folder " + path.getParent(), e);
    } catch (AccessDeniedException e) {
      throw new IOException("no permission to make " + path, e);
    }
  }

  @Override
  public void close() {
    try (channel) {
      channel.write(ByteBuffer.wrap(new byte[] {'-'}));
      Files.delete(path);
    } catch (IOException e) {
      // somebody else has tidied up; or the disk is full, and the empty file is the next one's
    } finally {
      OF_THIS_PROCESS.unlock();
    }
  }
}
