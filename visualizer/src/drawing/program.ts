/** A linked pair of shaders with its uniforms by name. */
export interface Program {
  readonly handle: WebGLProgram;
  uniform(name: string): WebGLUniformLocation | null;
}

function compile(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (shader === null) throw new Error("no shader: the graphics context is lost");
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}

/**
 * Compiles and links.
 * @throws Error with the compiler's words; programmer's error, or a lost context
 */
export function createProgram(gl: WebGL2RenderingContext, shaders: { vertex: string; fragment: string }): Program {
  const handle = gl.createProgram();
  const parts = [compile(gl, gl.VERTEX_SHADER, shaders.vertex), compile(gl, gl.FRAGMENT_SHADER, shaders.fragment)];
  for (const part of parts) gl.attachShader(handle, part);
  gl.linkProgram(handle);
  if (!gl.getProgramParameter(handle, gl.LINK_STATUS) && !gl.isContextLost()) {
    const words = [...parts.map((part) => gl.getShaderInfoLog(part)), gl.getProgramInfoLog(handle)];
    throw new Error(words.filter(Boolean).join("\n"));
  }
  for (const part of parts) gl.deleteShader(part);
  const locations = new Map<string, WebGLUniformLocation | null>();
  return {
    handle,
    uniform(name) {
      let location = locations.get(name);
      if (location === undefined) {
        location = gl.getUniformLocation(handle, name);
        locations.set(name, location);
      }
      return location;
    },
  };
}
