using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Hosts;

namespace Federation.Contracts;

/// <summary>A VM's serial console, wherever the VM runs. It keeps nothing.</summary>
[Alias("Federation.IVmConsoleGrain")]
public interface IVmConsoleGrain : IGrainWithStringKey
{
    /// <summary>The end of what the VM wrote to its console since it is at its host.</summary>
    /// <param name="bytes">How much at most, bytes, up to <see cref="MostBytes"/>.</param>
    [OpenTo(Role.Tenant)]
    [Alias("Log")]
    Task<ConsoleAnswer> Log(int bytes);

    /// <summary>Types something and reads what the VM writes from a byte on.</summary>
    /// <param name="input">What is typed, bytes; empty: nothing.</param>
    /// <param name="from">From which byte on is read; 0: the first one since somebody is at the console.</param>
    /// <param name="wait">How long to wait at most where there is nothing to read, up to 10 s.</param>
    [OpenTo(Role.Tenant)]
    [Alias("Type")]
    Task<ConsoleAnswer> Type(ImmutableArray<byte> input, long from, TimeSpan wait);

    /// <summary>What is read at once at most, bytes.</summary>
    const int MostBytes = 1 << 16;

    /// <summary>What is typed at once at most, bytes.</summary>
    const int MostInput = 4096;
}

/// <summary>What a console said.</summary>
/// <param name="Text">What it said; null: it could not be asked.</param>
/// <param name="Refused">Why it could not be asked; null: it could.</param>
[GenerateSerializer, Immutable, Alias("Federation.ConsoleAnswer")]
public sealed record ConsoleAnswer([property: Id(0)] ConsoleText? Text, [property: Id(1)] string? Refused) : IChangeAnswer
{
    string? IChangeAnswer.Refusal => Refused;
}
