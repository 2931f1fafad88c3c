using Federation.Domain.Plans;
using Federation.Grains;
using Federation.Grains.Solving;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Settings;

/// <summary>Holds the configuration section <c>Federation:Moves</c> against the ranges of <see cref="MovePolicy"/>.</summary>
[OptionsValidator]
public sealed partial class MovePolicyValidator : IValidateOptions<MovePolicy>;

/// <summary>Checks how long places are kept by the options' attributes.</summary>
[OptionsValidator]
public sealed partial class ReservationOptionsValidator : IValidateOptions<ReservationOptions>;

/// <summary>Holds the configuration section <c>Federation:Reconciler</c> against the ranges of <see cref="ReconcilerOptions"/>.</summary>
[OptionsValidator]
public sealed partial class ReconcilerOptionsValidator : IValidateOptions<ReconcilerOptions>;

/// <summary>Holds the configuration section <c>Federation:Solving</c> against the ranges of <see cref="SolvingOptions"/>.</summary>
[OptionsValidator]
public sealed partial class SolvingOptionsValidator : IValidateOptions<SolvingOptions>;
