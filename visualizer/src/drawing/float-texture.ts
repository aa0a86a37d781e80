/** Texels in a row; the shaders find texel `i` at column `i & 1023`, row `i >> 10`. */
const WIDTH = 1_024;
const CHANNELS = 4;

/** A growing list of four-number texels that shaders read by index. Fill {@link values}, then {@link upload}. */
export class FloatTexture {
  values = new Float32Array(WIDTH * CHANNELS);
  private texture: WebGLTexture | null = null;
  private rows = 0;

  /** Makes room for so many texels; what was there may be lost. */
  reserve(texels: number): void {
    const rows = Math.max(1, Math.ceil(texels / WIDTH));
    const length = rows * WIDTH * CHANNELS;
    if (length > this.values.length) this.values = new Float32Array(length * 2);
  }

  /** Sends the first `texels` to the graphics card and leaves the texture bound to a unit. */
  upload(gl: WebGL2RenderingContext, unit: number, texels: number): void {
    this.bind(gl, unit);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    const rows = Math.max(1, Math.ceil(texels / WIDTH));
    if (rows > this.rows) {
      this.rows = this.values.length / WIDTH / CHANNELS;
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, WIDTH, this.rows, 0, gl.RGBA, gl.FLOAT, this.values);
    } else {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, WIDTH, rows, gl.RGBA, gl.FLOAT, this.values);
    }
  }

  bind(gl: WebGL2RenderingContext, unit: number): void {
    gl.activeTexture(gl.TEXTURE0 + unit);
    if (this.texture === null) this.create(gl);
    else gl.bindTexture(gl.TEXTURE_2D, this.texture);
  }

  /** Forgets the texture, which a lost context took with it. */
  forget(gl: WebGL2RenderingContext): void {
    gl.deleteTexture(this.texture);
    this.texture = null;
    this.rows = 0;
  }

  private create(gl: WebGL2RenderingContext): void {
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    // Floats are not filtered, and a texture that asks for it reads as nothing.
    for (const [name, value] of [
      [gl.TEXTURE_MIN_FILTER, gl.NEAREST],
      [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
      [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
      [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
    ] as const) {
      gl.texParameteri(gl.TEXTURE_2D, name, value);
    }
  }
}
