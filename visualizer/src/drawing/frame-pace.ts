const SLOW_FRAME_MS = 60;
const SLOW_FRAMES = 4;
const TRY_AGAIN_MS = 20_000;

/**
 * Whether this machine draws too slowly to show movement between fixes: then it is better not to try, since every
 * frame of a glide takes time from everything else. It is tried again now and then.
 */
export class FramePace {
  tooSlow = false;
  private lastMs = 0;
  private wasGliding = false;
  private slow = 0;
  private sinceMs = 0;

  /** @param gliding whether something moves in this frame, so that the next follows at once */
  frame(nowMs: number, gliding: boolean): void {
    if (this.tooSlow && nowMs - this.sinceMs > TRY_AGAIN_MS) this.tooSlow = false;
    if (this.wasGliding && !this.tooSlow) this.judge(nowMs - this.lastMs, nowMs);
    this.lastMs = nowMs;
    this.wasGliding = gliding;
  }

  private judge(tookMs: number, nowMs: number): void {
    // Much longer is a page in the background, not a slow machine.
    if (tookMs > 1_000) return;
    this.slow = tookMs > SLOW_FRAME_MS ? this.slow + 1 : Math.max(0, this.slow - 1);
    if (this.slow < SLOW_FRAMES) return;
    this.slow = 0;
    this.tooSlow = true;
    this.sinceMs = nowMs;
  }
}
