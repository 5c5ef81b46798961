package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOTDIR;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.HostFiles;
import dev.ringshot.abi.Stat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// IORING_OP_STATX, of host files.
final class StatxOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.bufIndex() != 0 || request.fileIndex() != 0) return -EINVAL;
    if (request.isFixedFile()) return -EBADF;
    return request.keepPath(request.addr());
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var kernel = request.ring().kernel();
    try (var arena = Arena.ofConfined()) {
      var answer = arena.allocate(Stat.SIZE, Long.BYTES); // native, as a system call wants it
      int result = statx(kernel, request, request.path(), answer);
      if (result == 0) result = kernel.memory().copyTo(request.off(), answer, 0, Stat.SIZE);
      return request.answer(result);
    }
  }

  private static int statx(ModelKernel kernel, Request request, String path, MemorySegment answer) {
    HostFiles host = kernel.options().files();
    if (request.fd() == Fcntl.AT_FDCWD || path.startsWith("/")) {
      return host.statx(Fcntl.AT_FDCWD, path, request.opFlags(), request.len(), answer);
    }
    var file = kernel.files().hold(request.fd());
    if (file == null) return -EBADF;
    try {
      return file.operations() instanceof HostFile at
          ? host.statx(at.handle(), path, request.opFlags(), request.len(), answer)
          : -ENOTDIR;
    } finally {
      file.drop();
    }
  }
}
