/// Disks to serve, and what can be put before them.
///
/// | type | disk | in words, [dev.ringshot.ublk.target.TargetSpec] |
/// |---|---|---|
/// | [dev.ringshot.ublk.target.NullTarget] | takes everything, keeps nothing | `null:size=1G` |
/// | [dev.ringshot.ublk.target.MemTarget] | on the heap, sparse | `mem:size=1G` |
/// | [dev.ringshot.ublk.target.FileTarget] | in a file | `file:disk.img,direct,offset=1M,size=1G,readonly,create` |
/// | [dev.ringshot.ublk.target.StripeTarget] | over several | `stripe:a.img,b.img,chunk=64K` |
///
/// | type | before a disk | in words |
/// |---|---|---|
/// | [dev.ringshot.ublk.target.FaultyTarget] | fails some requests | `faulty:write=0.01,from=1M,to=2M,errno=EIO,seed=7` |
/// | [dev.ringshot.ublk.target.DelayTarget] | keeps requests for a while | `delay:read=5ms,flush=1s` |
/// | [dev.ringshot.ublk.target.ReadOnlyTarget] | keeps writes away | `readonly` |
/// | [dev.ringshot.ublk.target.TraceTarget] | tells requests | `trace` |
@NullMarked
package dev.ringshot.ublk.target;

import org.jspecify.annotations.NullMarked;
