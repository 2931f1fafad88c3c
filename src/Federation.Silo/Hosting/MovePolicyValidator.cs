using Federation.Domain.Plans;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Hosting;

/// <summary>Holds the configuration section <c>Federation:Moves</c> against the ranges of <see cref="MovePolicy"/>.</summary>
[OptionsValidator]
public sealed partial class MovePolicyValidator : IValidateOptions<MovePolicy>;
