package dev.ringshot.ublk;

/// Who hears that a tag has a request.
@FunctionalInterface
interface Arrival {
  void onTag(int tag);
}
