package dev.ringshot.cli.serve;

import dev.ringshot.ublk.ServerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Serves a disk until a signal, the end of a command, or a failure.
///
/// @param opening makes the driver
/// @param isTakingOver whether the device is there and its server has died
/// @param command of the shell that lives meanwhile, or null
/// @param errors where a target's mistakes are told, and what fails after a signal
record Serving(
    Supplier<Driver> opening,
    DiskChoice choice,
    ServerOptions options,
    boolean isTakingOver,
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
    try (var driver = opening.get()) {
      ServedDisk disk;
      try {
        var troubles = new TroublesInWords(errors);
        disk = new ServedDisk(driver, choice::open, options, isTakingOver, troubles, stop);
      } catch (ServedDisk.StoppedEarly e) {
        if (!stop.isDone()) throw e;
        return 0;
      }
      int status;
      try (output;
          disk) {
        status = use(driver, disk, stop);
        output.ended(disk);
      }
      if (disk.hasUsers())
        errors.println("the disk is still in use: it goes when nobody has it open");
      return status;
    }
  }

  private int use(Driver driver, ServedDisk disk, CompletableFuture<Integer> stop) {
    try (var access = driver.open(disk, choice.isReadOnly())) {
      output.serving(choice.description(), disk, driver, access);
      return command == null ? await(disk, stop) : runCommand(access, disk, stop);
    }
  }

  private int await(ServedDisk disk, CompletableFuture<Integer> stop) {
    var _ = disk.ended().whenComplete((_, failure) -> end(stop, failure));
    try {
      return stop.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException reason ? reason : e;
    }
  }

  private void end(CompletableFuture<Integer> stop, @Nullable Throwable failure) {
    if (failure != null) {
      stop.completeExceptionally(failure);
    } else if (stop.complete(0)) {
      errors.println("the device was stopped by somebody else");
    }
  }

  private int runCommand(Access access, ServedDisk disk, CompletableFuture<Integer> stop) {
    try {
      Captive captive = Captive.start(String.valueOf(command), access.variables());
      var _ = stop.thenRun(captive::stop);
      var _ = disk.ended().whenComplete((_, _) -> captive.stop());
      int status = captive.await();
      if (disk.ended().isDone()) await(disk, new CompletableFuture<>()); // which tells why
      return status;
    } catch (IOException e) {
      throw new ServeFailed("--run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServeFailed("interrupted", e);
    }
  }
}
