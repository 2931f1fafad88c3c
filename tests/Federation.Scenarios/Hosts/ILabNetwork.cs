using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Hosts;

/// <summary>The network between the hosts of a lab. Each host's port can be cut: what is sent is lost, and neither end is told.</summary>
internal interface ILabNetwork : IDisposable
{
    /// <summary>Gives a host a port, and an address on the network.</summary>
    /// <param name="host">The host.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="megabits">How much it can send, Mbit/s; null: as much as the machine can.</param>
    /// <returns>The address.</returns>
    string Connect(LabHost host, int number, int? megabits);

    /// <summary>Loses from now on all that a host sends and is sent.</summary>
    void Cut(int number);

    /// <summary>Carries again what a host sends and is sent.</summary>
    void Heal(int number);
}
