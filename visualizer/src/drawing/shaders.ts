/**
 * Everything is drawn without vertex buffers: each vertex looks its device up in a float texture, by slot, and lines
 * and labels look up their own texture first. Two texels a device:
 *
 *   from.xy, to.xy                      anchored metres; between the two it glides
 *   radius, moved at, look, opacity     metres, seconds before now (negative), a bit set, 0..1
 *
 * The bits of a look: 1 near, 2 in contact, 4 stale, 8 selected, 16 under the pointer.
 */
const DEVICES = /* glsl */ `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;

uniform sampler2D uDevices;
uniform mat4 uToClip;
uniform vec2 uViewportPx;
uniform float uPxPerM;
uniform float uNowS;
uniform float uGlideS;

vec4 texelAt(sampler2D data, int index) {
  return texelFetch(data, ivec2(index & 1023, index >> 10), 0);
}

struct Device {
  vec2 place;
  float radiusPx;
  int look;
  float opacity;
};

Device deviceAt(int slot) {
  vec4 way = texelAt(uDevices, slot * 2);
  vec4 rest = texelAt(uDevices, slot * 2 + 1);
  float left = uGlideS > 0.0 ? 1.0 - clamp((uNowS - rest.y) / uGlideS, 0.0, 1.0) : 0.0;
  return Device(mix(way.zw, way.xy, left * left * left), rest.x * uPxPerM, int(rest.z), rest.w);
}

vec2 clipOf(vec2 place) {
  vec4 clip = uToClip * vec4(place, 0.0, 1.0);
  return clip.xy / clip.w;
}

vec2 clipOffset(vec2 offsetPx) {
  return offsetPx * 2.0 / uViewportPx;
}

bool outside(vec2 clip, float reachPx) {
  vec2 reach = 1.0 + clipOffset(vec2(reachPx));
  return any(greaterThan(abs(clip), reach));
}

const vec4 NOWHERE = vec4(2.0, 2.0, 2.0, 1.0);

vec2 cornerOf(int vertex) {
  int corner = vertex % 6;
  return vec2(corner == 1 || corner == 2 || corner == 4 ? 1.0 : -1.0, corner >= 2 && corner != 3 ? 1.0 : -1.0);
}
`;

const COLOURS = /* glsl */ `
uniform vec4 uAlone;
uniform vec4 uNear;
uniform vec4 uContact;
uniform vec4 uStale;
uniform vec4 uSelected;

vec4 colourOf(int look) {
  if ((look & 2) != 0) return uContact;
  if ((look & 1) != 0) return uNear;
  return (look & 4) != 0 ? uStale : uAlone;
}
`;

const FRAGMENT = /* glsl */ `#version 300 es
precision highp float;
precision highp int;
uniform float uPixelRatio;
uniform vec4 uCasing;
out vec4 result;

// How much of a pixel lies inside an edge, by the distance to it in CSS pixels (negative inside).
float inside(float distancePx) {
  return clamp(0.5 - distancePx * uPixelRatio, 0.0, 1.0);
}

vec4 over(vec4 above, vec4 below) {
  return above + below * (1.0 - above.a);
}

vec4 paint(vec4 colour, float coverage) {
  return vec4(colour.rgb, 1.0) * (colour.a * coverage);
}
`;

/** Accuracy rings: true metres. */
export const ringShaders = {
  vertex: /* glsl */ `${DEVICES}${COLOURS}
uniform float uLeastPx;
uniform float uRoom;
out vec2 vAtPx;
flat out float vRadiusPx;
flat out vec4 vColour;
flat out vec2 vWidthAndFill;

void main() {
  Device device = deviceAt(gl_VertexID / 6);
  bool emphasised = device.look >= 8;
  bool heavy = (device.look & 2) != 0;
  gl_Position = NOWHERE;
  if (device.radiusPx < uLeastPx && !emphasised) return;
  float opacity = device.opacity * (emphasised ? 1.0 : (heavy ? 0.55 : 0.5) * uRoom);
  if (opacity < 0.02) return;
  vec2 centre = clipOf(device.place);
  float widthPx = emphasised ? 2.25 : 1.25;
  float outerPx = device.radiusPx + widthPx + 1.5;
  if (outside(centre, outerPx)) return;

  vAtPx = cornerOf(gl_VertexID) * outerPx;
  vRadiusPx = device.radiusPx;
  vColour = (device.look & 8) != 0 ? uSelected : colourOf(device.look);
  vColour.a *= opacity;
  vWidthAndFill = vec2(widthPx, emphasised ? 0.08 : 0.0);
  gl_Position = vec4(centre + clipOffset(vAtPx), 0.0, 1.0);
}
`,
  fragment: /* glsl */ `${FRAGMENT}
in vec2 vAtPx;
flat in float vRadiusPx;
flat in vec4 vColour;
flat in vec2 vWidthAndFill;

void main() {
  float fromCentrePx = length(vAtPx);
  float fromLinePx = abs(fromCentrePx - vRadiusPx) - vWidthAndFill.x * 0.5;
  if (fromLinePx > 2.0 && vWidthAndFill.y == 0.0) discard;
  vec4 line = paint(vColour, inside(fromLinePx));
  vec4 casing = paint(uCasing, inside(fromLinePx - 1.0) * 0.35 * vColour.a);
  vec4 fill = paint(vColour, inside(fromCentrePx - vRadiusPx) * vWidthAndFill.y);
  result = over(line, over(casing, fill));
}
`,
};

/** Centre dots: the same size at every accuracy. Their form says what their colour says. */
export const dotShaders = {
  vertex: /* glsl */ `${DEVICES}${COLOURS}
uniform float uDotPx;
uniform float uCasingPx;
out vec2 vAtPx;
flat out float vRadiusPx;
flat out float vCorePx;
flat out vec4 vColour;
flat out int vLook;
flat out float vCasingPx;

void main() {
  Device device = deviceAt(gl_VertexID / 6);
  gl_Position = NOWHERE;
  vec2 centre = clipOf(device.place);
  if (outside(centre, 16.0)) return;
  bool contact = (device.look & 2) != 0;
  bool emphasised = device.look >= 8;
  vRadiusPx = uDotPx * (contact ? 1.2 : 1.0) + (emphasised ? 1.5 : 0.0);
  // In contact: a white heart. Stale: hollow. Else full.
  vCorePx = contact ? vRadiusPx * 0.42 : (device.look & 4) != 0 ? vRadiusPx * 0.55 : 0.0;
  if (uDotPx < 2.6) vCorePx = 0.0;
  vCasingPx = uCasingPx;
  vColour = colourOf(device.look);
  vColour.a *= device.opacity;
  vLook = device.look;
  vAtPx = cornerOf(gl_VertexID) * (vRadiusPx + uCasingPx + (emphasised ? 3.0 : 0.75));
  gl_Position = vec4(centre + clipOffset(vAtPx), 0.0, 1.0);
}
`,
  fragment: /* glsl */ `${FRAGMENT}
uniform vec4 uHeart;
uniform vec4 uRim;
in vec2 vAtPx;
flat in float vRadiusPx;
flat in float vCorePx;
flat in vec4 vColour;
flat in int vLook;
flat in float vCasingPx;

void main() {
  float fromCentrePx = length(vAtPx);
  vec4 heart = paint((vLook & 2) != 0 ? uHeart : uCasing, inside(fromCentrePx - vCorePx) * vColour.a);
  if (vCorePx == 0.0) heart = vec4(0.0);
  vec4 dot = paint(vColour, inside(fromCentrePx - vRadiusPx));
  vec4 casing = paint(uCasing, inside(fromCentrePx - vRadiusPx - vCasingPx) * 0.9 * max(vColour.a, 0.3));
  vec4 rim = (vLook & 8) != 0 ? paint(uRim, inside(abs(fromCentrePx - vRadiusPx - 1.5) - 0.9)) : vec4(0.0);
  result = over(rim, over(heart, over(dot, casing)));
}
`,
};

/**
 * Lines between devices. One texel a line: slot a, slot b, bits (1 contact, 2 certain, 4 thin, 8 of the selected
 * device), opacity. Dashed where only possible.
 */
export const lineShaders = {
  vertex: /* glsl */ `${DEVICES}
uniform sampler2D uLines;
uniform vec4 uNear;
uniform vec4 uContact;
out vec2 vAtPx;
flat out float vLengthPx;
flat out float vHalfPx;
flat out int vBits;
flat out vec4 vColour;

void main() {
  vec4 line = texelAt(uLines, gl_VertexID / 6);
  vec2 a = clipOf(deviceAt(int(line.x)).place);
  vec2 b = clipOf(deviceAt(int(line.y)).place);
  gl_Position = NOWHERE;
  vec2 alongPx = (b - a) * uViewportPx * 0.5;
  float lengthPx = length(alongPx);
  if (lengthPx < 1.0 || outside((a + b) * 0.5, lengthPx * 0.5 + 8.0)) return;
  vBits = int(line.z);
  vHalfPx = (vBits & 4) != 0 ? 0.7 : (vBits & 1) != 0 ? 1.6 : 1.1;
  vColour = (vBits & 1) != 0 ? uContact : uNear;
  vColour.a *= line.w;
  vLengthPx = lengthPx;
  vec2 along = alongPx / lengthPx;
  vec2 corner = cornerOf(gl_VertexID);
  float reachPx = vHalfPx + ((vBits & 4) != 0 ? 0.75 : 2.0);
  vAtPx = vec2(corner.x > 0.0 ? lengthPx + reachPx : -reachPx, corner.y * reachPx);
  vec2 offsetPx = along * vAtPx.x + vec2(-along.y, along.x) * vAtPx.y;
  gl_Position = vec4(a + clipOffset(offsetPx), 0.0, 1.0);
}
`,
  fragment: /* glsl */ `${FRAGMENT}
in vec2 vAtPx;
flat in float vLengthPx;
flat in float vHalfPx;
flat in int vBits;
flat in vec4 vColour;

const float DASH_PX = 6.0;
const float PERIOD_PX = 10.0;

void main() {
  float fromStartPx = clamp(vAtPx.x, 0.0, vLengthPx);
  float distancePx = length(vec2(vAtPx.x - fromStartPx, vAtPx.y));
  if ((vBits & 2) == 0) {
    // Dashes run from the middle outwards, so that both ends look alike.
    float t = mod(vAtPx.x - vLengthPx * 0.5 + DASH_PX * 0.5, PERIOD_PX);
    float beyondPx = max(t - DASH_PX, 0.0);
    beyondPx = min(beyondPx, max(PERIOD_PX - t, 0.0));
    if (t > DASH_PX) distancePx = length(vec2(beyondPx + vHalfPx, vAtPx.y));
  }
  vec4 line = paint(vColour, inside(distancePx - vHalfPx));
  float casingShare = (vBits & 4) != 0 ? 0.0 : 0.6;
  vec4 casing = paint(uCasing, inside(distancePx - vHalfPx - 1.25) * casingShare * vColour.a);
  result = over(line, casing);
}
`,
};

/** Labels of lines. Two texels each: slot a, slot b, offset.xy (px); left, top, width, height in the atlas (texels). */
export const labelShaders = {
  vertex: /* glsl */ `${DEVICES}
uniform sampler2D uLabels;
uniform vec2 uAtlasSize;
uniform float uPixelRatio;
out vec2 vTexel;

void main() {
  int label = gl_VertexID / 6;
  vec4 where = texelAt(uLabels, label * 2);
  vec4 cell = texelAt(uLabels, label * 2 + 1);
  vec2 middle = (clipOf(deviceAt(int(where.x)).place) + clipOf(deviceAt(int(where.y)).place)) * 0.5;
  vec2 corner = cornerOf(gl_VertexID) * 0.5;
  // On whole device pixels, or small type blurs.
  vec2 centre = (middle + 1.0) * 0.5 * uViewportPx * uPixelRatio + where.zw * uPixelRatio;
  vec2 at = floor(centre - cell.zw * 0.5) + (corner + 0.5) * cell.zw;
  vTexel = (cell.xy + vec2(corner.x + 0.5, 0.5 - corner.y) * cell.zw) / uAtlasSize;
  gl_Position = vec4(at / (uViewportPx * uPixelRatio) * 2.0 - 1.0, 0.0, 1.0);
}
`,
  fragment: /* glsl */ `#version 300 es
precision highp float;
uniform sampler2D uAtlas;
in vec2 vTexel;
out vec4 result;

void main() {
  result = texture(uAtlas, vTexel);
}
`,
};
