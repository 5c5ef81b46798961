package dev.ringshot.ublk;

/// Hears what a target does wrong, on its queue's thread, for who prints or counts it. The request
/// has been answered with an error, and the disk goes on.
public interface Troubles {
  /// Says nothing.
  Troubles SILENT =
      new Troubles() {
        @Override
        public void targetThrew(BlockRequest request, Throwable thrown) {}

        @Override
        public void wrongResult(BlockRequest request, int result) {}
      };

  /// [BlockTarget#submit] threw.
  void targetThrew(BlockRequest request, Throwable thrown);

  /// A request was completed with more bytes than it has, or with no errno.
  void wrongResult(BlockRequest request, int result);
}
