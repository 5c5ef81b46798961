package dev.ringshot.cli.serve;

import java.util.Map;

/// How users get at a disk.
sealed interface Access extends AutoCloseable permits Export, DeviceNode {
  /// Where they find it: a URI, or a path.
  String place();

  /// A command line that looks at it.
  String trial();

  /// What the command of `--run` has in its environment.
  Map<String, String> variables();

  /// Has everything that users have written flushed.
  ///
  /// @throws ServeFailed if that failed
  @Override
  void close();
}
