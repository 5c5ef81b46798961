package dev.ringshot.model;

/// What one opcode does.
interface Operation {
  /// Checks the SQE, without looking at its file.
  ///
  /// @return 0 or `-errno`
  default int prep(Request request) {
    return 0;
  }

  /// Does it, with the ring's lock held unless on a worker.
  ///
  /// @param mayBlock on a worker: nobody waits for this thread, and the lock is free
  /// @return [Request#COMPLETE], [Request#QUEUED], or `-errno`; `-EAGAIN` to be asked again when
  ///   the file is ready, or on a worker
  int issue(Request request, boolean mayBlock);

  /// What a request tells that cannot go on for `error`: not that, if it has come part of its way.
  default int failure(Request request, int error) {
    return error;
  }
}
