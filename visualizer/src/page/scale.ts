/** The longest of 1, 2, 5 times a power of ten that is no wider than the bar may be. */
export function scaleLength(metresPerPx: number, mostPx: number): { lengthM: number; widthPx: number } {
  const mostM = metresPerPx * mostPx;
  const power = 10 ** Math.floor(Math.log10(mostM));
  const lengthM = [5, 2, 1].map((step) => step * power).find((length) => length <= mostM) ?? power;
  return { lengthM, widthPx: lengthM / metresPerPx };
}

/** A length as a scale bar says it. */
export function scaleText(lengthM: number): string {
  if (lengthM >= 1_000) return `${lengthM / 1_000} km`;
  return lengthM >= 1 ? `${lengthM} m` : `${Math.round(lengthM * 100)} cm`;
}
