package dev.ringshot.cli.serve;

import dev.ringshot.ublk.BlockRequest;
import dev.ringshot.ublk.Troubles;
import java.io.PrintWriter;

/// A line for the first of a target's mistakes of each kind.
final class TroublesInWords implements Troubles {
  private final PrintWriter errors;
  private volatile boolean hasThrown;
  private volatile boolean wasWrong;

  TroublesInWords(PrintWriter errors) {
    this.errors = errors;
  }

  @Override
  public void targetThrew(BlockRequest request, Throwable thrown) {
    if (hasThrown) return;
    hasThrown = true;
    errors.println("the target threw " + thrown + " at " + request + "; further ones are counted");
  }

  @Override
  public void wrongResult(BlockRequest request, int result) {
    if (wasWrong) return;
    wasWrong = true;
    errors.println(
        "the target answered " + result + " to " + request + "; further ones are counted");
  }
}
