using Federation.Domain.Access;

namespace Federation.Silo.Http;

/// <summary>Who sends batches, as its token proves, whatever a batch says of itself.</summary>
/// <param name="Name">The sensor's name; of anybody else the caller's.</param>
/// <param name="IsSensor">Whether it is a sensor.</param>
internal readonly record struct BatchSender(string Name, bool IsSensor)
{
    /// <summary>The sender that a caller is.</summary>
    public static BatchSender Of(Caller caller) => caller.Sensor is { } post ? new(post.Name, true) : new($"{caller}", false);

    /// <summary>As <c>sensor host1</c>.</summary>
    public override string ToString() => IsSensor ? $"sensor {Name}" : Name;
}
