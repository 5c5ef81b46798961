package dev.ringshot.ring;

/// Something that has to wait until all completions so far were handled, and all buffers so far
/// found.
interface AtRest {
  /// Called once for each [Ring#whenAtRest], from [Ring#dispatch].
  void atRest();
}
