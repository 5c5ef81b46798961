package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ENOTDIR;

import dev.ringshot.abi.Fcntl;

/// Opens files of the host's.
final class HostOpen {
  private HostOpen() {}

  static ModelKernel.Opened open(ModelKernel kernel, int dirFd, String path, int flags, int mode) {
    var files = kernel.options().files();
    int handle;
    if (dirFd == Fcntl.AT_FDCWD || path.startsWith("/")) {
      handle = files.open(path, flags, mode);
    } else {
      var directory = kernel.files().hold(dirFd);
      if (directory == null) return refused(-EBADF);
      handle =
          directory.operations() instanceof HostFile at
              ? files.openat(at.handle(), path, flags, mode)
              : -ENOTDIR;
      directory.drop();
    }
    if (handle < 0) return refused(handle);
    return new ModelKernel.Opened(
        new OpenFile(new HostFile(files, handle, kernel), path, flags), 0);
  }

  private static ModelKernel.Opened refused(int error) {
    return new ModelKernel.Opened(null, error);
  }
}
