package dev.ringshot.cli.serve;

import dev.ringshot.abi.HostFiles;
import dev.ringshot.ublk.ServerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Serves a disk until a signal, the end of a command, or a failure.
///
/// @param address where clients connect; null for a private socket
/// @param command of the shell that lives meanwhile, or null
/// @param errors where a target's mistakes are told, and what fails after a signal
record Serving(
    HostFiles files,
    DiskChoice choice,
    ServerOptions options,
    @Nullable SocketAddress address,
    @Nullable String command,
    Output output,
    PrintWriter errors) {
  /// @return the exit status
  int run() {
    var stop = new CompletableFuture<Integer>();
    try (var stopping = new Stopping(() -> stop.complete(0))) {
      int status = 1;
      try {
        status = serve(stop);
        return status;
      } catch (RuntimeException e) {
        if (!stopping.isRequested()) throw e;
        errors.println("ringshot: " + e.getMessage()); // nobody else could before the process ends
        errors.flush();
        return status;
      } finally {
        stopping.finished(status);
      }
    }
  }

  private int serve(CompletableFuture<Integer> stop) {
    try (var disk = new ServedDisk(files, choice::open, options, new TroublesInWords(errors))) {
      int status;
      try (var export = Export.open(address, disk.device(), disk.extents(), choice.isReadOnly())) {
        output.serving(choice.description(), disk, export.uri());
        status = command == null ? await(disk, stop) : runCommand(export, disk, stop);
      }
      output.ended(disk);
      return status;
    }
  }

  private static int await(ServedDisk disk, CompletableFuture<Integer> stop) {
    var _ = disk.ended().whenComplete((_, failure) -> fail(stop, failure));
    try {
      return stop.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException reason ? reason : e;
    }
  }

  private static void fail(CompletableFuture<Integer> stop, @Nullable Throwable failure) {
    stop.completeExceptionally(
        failure != null ? failure : new ServeFailed("the device was stopped by somebody else"));
  }

  private int runCommand(Export export, ServedDisk disk, CompletableFuture<Integer> stop) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("uri", export.uri().toString());
    variables.put("unixsocket", export.socket());
    try {
      Captive captive = Captive.start(String.valueOf(command), variables);
      var _ = stop.thenRun(captive::stop);
      var _ = disk.ended().whenComplete((_, _) -> captive.stop());
      int status = captive.await();
      if (disk.ended().isDone()) return await(disk, new CompletableFuture<>()); // which tells why
      return status;
    } catch (IOException e) {
      throw new ServeFailed("--run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServeFailed("interrupted", e);
    }
  }
}
