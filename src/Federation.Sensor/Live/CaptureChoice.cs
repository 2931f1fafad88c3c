using System.Collections.Immutable;

namespace Federation.Sensor.Live;

/// <summary>Which backend was taken, and which were not.</summary>
/// <param name="Capture">The backend, to be disposed of by the caller; null if none could be made.</param>
/// <param name="Refused">Those that were tried before it in vain, in order.</param>
public sealed record CaptureChoice(ILiveCapture? Capture, ImmutableArray<BackendRefusal> Refused);

/// <summary>Why a backend was not taken.</summary>
/// <param name="Backend">Its name.</param>
/// <param name="Reason">For people: what failed, and what it needs.</param>
public readonly record struct BackendRefusal(string Backend, string Reason);
