/// A block-device server over ublk: control, queues, targets.
module dev.ringshot.ublk {
  requires transitive dev.ringshot.ring;
  requires static org.jspecify;

  exports dev.ringshot.ublk;
  exports dev.ringshot.ublk.target;
}
