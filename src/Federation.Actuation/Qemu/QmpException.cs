namespace Federation.Actuation.Qemu;

/// <summary>QEMU did not do what its monitor was asked for.</summary>
internal abstract class QmpException(string message) : Exception(message)
{
    /// <summary>It answered no: nothing was done.</summary>
    public sealed class Refused(string command, string reason) : QmpException($"{command}: {reason}");

    /// <summary>It did not answer in time: whether it was done is not known.</summary>
    public sealed class Silent(string command, TimeSpan waited) : QmpException($"{command}: no answer within {waited.TotalSeconds} s");

    /// <summary>The connection is closed: QEMU ended, or somebody closed it.</summary>
    public sealed class Closed(string command) : QmpException($"{command}: the monitor's connection is closed");
}
