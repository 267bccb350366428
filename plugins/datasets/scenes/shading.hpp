// Light on surfaces: lamps, windows and the sun with soft shadows, ambient light, gloss.
#pragma once

#include "stage.hpp"

namespace taskonomy::scenes {

/// Shades up to kPacket surface points at once, because shadow rays are cheaper in packets.
class Shader {
 public:
  explicit Shader(const Stage& stage) : stage_(stage) {}

  /// One point to shade: where it is, which way it was seen, how wide the sample is, how open its
  /// surroundings are.
  struct Request {
    SurfaceHit surface;
    Vec3 view;                               ///< unit direction of the ray that found it
    float footprint = 0.0F;                  ///< width of the sample on the surface, metres
    float openness = 1.0F;                   ///< ambient occlusion: 1 = open
    float pick = 0.5F;                       ///< which lamp: 0..1, stratified over the samples of a pixel
    float sample_u = 0.5F, sample_v = 0.5F;  ///< where on that lamp
  };
  /// What a point sends back: linear radiance = colour * direct + rest. The parts are kept apart so that the
  /// noise of `direct` can be filtered without blurring the texture.
  struct Shade {
    Vec3 colour;  ///< diffuse reflectance
    Vec3 direct;  ///< irradiance from lamps and windows, shadowed
    Vec3 rest;    ///< sunlight, ambient light, gloss, own light
  };
  /// Shades requests with `shadow_rays` shadow rays each, one more where sunlight may come in.
  void shade(const Request* requests, int count, int shadow_rays, Shade* shades) const;

 private:
  struct Direct {
    Vec3 power, towards;
    Ray ray;
  };
  [[nodiscard]] Direct choose_light(const Request& request) const;
  void add_direct(const Request* requests, int count, float weight, Shade* shades) const;
  [[nodiscard]] Shade reflect(const Request& request, float open_to_sun) const;
  [[nodiscard]] bool sunlit(const Request& request, Ray& ray) const;
  [[nodiscard]] Vec3 mirrored(const Request& request, Vec3 direction) const;
  const Stage& stage_;
};

/// Probes the ambient occlusion of up to kPacket surfaces by one short ray each: 1 = open, 0 = something
/// within 0.7 m.
void probe_openness(const Stage& stage, const SurfaceHit* surfaces, const float* random_pairs, int count,
                    float* openness);

}  // namespace taskonomy::scenes
