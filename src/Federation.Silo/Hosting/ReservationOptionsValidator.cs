using Federation.Grains;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Hosting;

/// <summary>Checks how long places are kept by the options' attributes.</summary>
[OptionsValidator]
public sealed partial class ReservationOptionsValidator : IValidateOptions<ReservationOptions>;
