package dev.ringshot.model;

import static dev.ringshot.abi.Errno.*;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.HostFiles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Host files by `java.nio`, on any system. What Java has no word for answers `-EOPNOTSUPP`:
/// fallocate(2), `SEEK_DATA`, `SEEK_HOLE`. `O_DIRECT` and `O_NOATIME` are ignored, modes are left
/// to the system.
public final class PortableFiles implements HostFiles {
  private static final int CHUNK_BYTES_MAX = 1 << 30;

  private final Map<Integer, Handle> handles = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();

  private record Handle(Path path, @Nullable FileChannel channel, boolean append) {}

  /// No files open yet.
  public PortableFiles() {}

  @Override
  public int open(String path, int flags, int mode) {
    try {
      return open(Path.of(path), path.isEmpty(), flags);
    } catch (InvalidPathException e) {
      return -EINVAL;
    }
  }

  @Override
  public int openat(int dirHandle, String path, int flags, int mode) {
    try {
      var base = dirHandle == Fcntl.AT_FDCWD ? Path.of("") : directory(dirHandle);
      return base == null ? -EBADF : open(base.resolve(path), path.isEmpty(), flags);
    } catch (InvalidPathException e) {
      return -EINVAL;
    }
  }

  private @Nullable Path directory(int handle) {
    var known = handles.get(handle);
    return known == null ? null : known.path;
  }

  private int open(Path path, boolean empty, int flags) {
    if (empty) return -ENOENT;
    try {
      if (Files.isDirectory(path)) return openDirectory(path, flags);
      if ((flags & Fcntl.O_DIRECTORY) != 0) return Files.exists(path) ? -ENOTDIR : -ENOENT;
      var channel = FileChannel.open(path, options(flags));
      return add(new Handle(path, channel, (flags & Fcntl.O_APPEND) != 0));
    } catch (IOException e) {
      return -errno(e);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      return -EINVAL;
    }
  }

  private int openDirectory(Path path, int flags) {
    boolean writes =
        (flags & Fcntl.O_ACCMODE) != Fcntl.O_RDONLY
            || (flags & (Fcntl.O_CREAT | Fcntl.O_TRUNC)) != 0;
    return writes ? -EISDIR : add(new Handle(path, null, false));
  }

  private static Set<OpenOption> options(int flags) {
    var options = new HashSet<OpenOption>();
    int access = flags & Fcntl.O_ACCMODE;
    boolean writes = access != Fcntl.O_RDONLY;
    if (access != Fcntl.O_WRONLY) options.add(StandardOpenOption.READ);
    if (writes) options.add(StandardOpenOption.WRITE);
    if (writes && (flags & Fcntl.O_CREAT) != 0) {
      options.add(
          (flags & Fcntl.O_EXCL) != 0 ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
    }
    if (writes && (flags & Fcntl.O_TRUNC) != 0) options.add(StandardOpenOption.TRUNCATE_EXISTING);
    if ((flags & Fcntl.O_SYNC) == Fcntl.O_SYNC) options.add(StandardOpenOption.SYNC);
    else if ((flags & Fcntl.O_DSYNC) != 0) options.add(StandardOpenOption.DSYNC);
    if ((flags & Fcntl.O_NOFOLLOW) != 0) options.add(LinkOption.NOFOLLOW_LINKS);
    return options;
  }

  private int add(Handle handle) {
    int number = next.getAndIncrement();
    handles.put(number, handle);
    return number;
  }

  @Override
  public int close(int handle) {
    var known = handles.remove(handle);
    if (known == null) return -EBADF;
    return known.channel == null ? 0 : call(known.channel, FileChannel::close);
  }

  @Override
  public int pread(int handle, MemorySegment buffer, long offset, int length, long position) {
    var channel = channel(handle);
    if (channel == null) return handles.containsKey(handle) ? -EISDIR : -EBADF;
    try {
      var target = window(buffer, offset, length);
      int count = position == -1 ? channel.read(target) : channel.read(target, position);
      return Math.max(count, 0);
    } catch (IOException e) {
      return -errno(e);
    } catch (java.nio.channels.NonReadableChannelException e) {
      return -EBADF;
    } catch (IllegalArgumentException e) {
      return -EINVAL;
    }
  }

  @Override
  public int pwrite(int handle, MemorySegment buffer, long offset, int length, long position) {
    var known = handles.get(handle);
    var channel = channel(handle);
    if (known == null || channel == null) return -EBADF;
    try {
      var source = window(buffer, offset, length);
      if (known.append) {
        synchronized (channel) {
          return channel.write(source, channel.size());
        }
      }
      return position == -1 ? channel.write(source) : channel.write(source, position);
    } catch (IOException e) {
      return -errno(e);
    } catch (java.nio.channels.NonWritableChannelException e) {
      return -EBADF;
    } catch (IllegalArgumentException e) {
      return -EINVAL;
    }
  }

  private static ByteBuffer window(MemorySegment buffer, long offset, int length) {
    return buffer.asSlice(offset, Math.min(length, CHUNK_BYTES_MAX)).asByteBuffer();
  }

  @Override
  public int fdatasync(int handle) {
    return sync(handle, false);
  }

  @Override
  public int fsync(int handle) {
    return sync(handle, true);
  }

  private int sync(int handle, boolean metaData) {
    var channel = channel(handle);
    if (channel == null) return handles.containsKey(handle) ? 0 : -EBADF;
    return call(channel, open -> open.force(metaData));
  }

  @Override
  public int fallocate(int handle, int mode, long offset, long length) {
    return handles.containsKey(handle) ? -EOPNOTSUPP : -EBADF;
  }

  @Override
  public int ftruncate(int handle, long length) {
    var channel = channel(handle);
    if (channel == null) return handles.containsKey(handle) ? -EINVAL : -EBADF;
    if (length < 0) return -EINVAL;
    return call(
        channel,
        open -> {
          if (length <= open.size()) open.truncate(length);
          else extend(open, length);
        });
  }

  // truncate() does not make files longer: one zero at the new end does, and leaves a hole before
  // it.
  private static void extend(FileChannel channel, long length) throws IOException {
    var _ = channel.write(ByteBuffer.wrap(new byte[1]), length - 1);
  }

  @Override
  public long size(int handle) {
    var channel = channel(handle);
    if (channel == null) return -EBADF;
    try {
      return channel.size();
    } catch (IOException e) {
      return -errno(e);
    }
  }

  @Override
  public long seek(int handle, long offset, int whence) {
    var channel = channel(handle);
    if (channel == null) return -EBADF;
    try {
      long from =
          switch (whence) {
            case Fcntl.SEEK_SET -> 0;
            case Fcntl.SEEK_CUR -> channel.position();
            case Fcntl.SEEK_END -> channel.size();
            case Fcntl.SEEK_DATA, Fcntl.SEEK_HOLE -> -EOPNOTSUPP;
            default -> -EINVAL;
          };
      if (from < 0) return from;
      if (from + offset < 0) return -EINVAL;
      return channel.position(from + offset).position();
    } catch (IOException e) {
      return -errno(e);
    }
  }

  @Override
  public int statx(int dirHandle, String path, int flags, int mask, MemorySegment statx) {
    try {
      var base = dirHandle == Fcntl.AT_FDCWD ? Path.of("") : directory(dirHandle);
      if (base == null) return -EBADF;
      if (path.isEmpty() && (flags & Fcntl.AT_EMPTY_PATH) == 0) return -ENOENT;
      boolean follows = (flags & Fcntl.AT_SYMLINK_NOFOLLOW) == 0;
      var links = follows ? new LinkOption[0] : new LinkOption[] {NOFOLLOW_LINKS};
      PortableStatx.fill(base.resolve(path), statx, links);
      return 0;
    } catch (InvalidPathException e) {
      return -EINVAL;
    } catch (IOException e) {
      return -errno(e);
    }
  }

  private @Nullable FileChannel channel(int handle) {
    var known = handles.get(handle);
    return known == null ? null : known.channel;
  }

  private interface Call {
    void on(FileChannel channel) throws IOException;
  }

  private static int call(FileChannel channel, Call call) {
    try {
      call.on(channel);
      return 0;
    } catch (IOException e) {
      return -errno(e);
    } catch (java.nio.channels.NonWritableChannelException e) {
      return -EINVAL;
    }
  }

  static int errno(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> ENOENT;
      case FileAlreadyExistsException _ -> EEXIST;
      case AccessDeniedException _ -> EACCES;
      case DirectoryNotEmptyException _ -> ENOTEMPTY;
      case ClosedChannelException _ -> EBADF;
      default -> {
        var message = e.getMessage();
        if (message == null) yield EIO;
        if (message.contains("No space left")) yield ENOSPC;
        if (message.contains("Is a directory")) yield EISDIR;
        if (message.contains("Not a directory")) yield ENOTDIR;
        if (message.contains("symbolic links")) yield ELOOP;
        if (message.contains("Read-only")) yield EROFS;
        if (message.contains("File too large")) yield EFBIG;
        yield EIO;
      }
    };
  }
}
