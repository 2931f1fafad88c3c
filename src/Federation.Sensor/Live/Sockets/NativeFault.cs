using System.Runtime.InteropServices;

namespace Federation.Sensor.Live.Sockets;

/// <summary>Makes exceptions of the C library's error numbers.</summary>
internal static class NativeFault
{
    /// <summary>Not allowed.</summary>
    public const int NotPermitted = 1;

    /// <summary>No such entry: the end, where entries are read one batch after another.</summary>
    public const int NoEntry = 2;

    /// <summary>The kernel does not give any more memory.</summary>
    public const int NoMemory = 12;

    /// <summary>Access denied.</summary>
    public const int Denied = 13;

    /// <summary>The last call's failure.</summary>
    /// <param name="what">What was tried, put before a colon and the system's text.</param>
    /// <param name="needed">The capability without which it is not permitted; told if that was the reason.</param>
    public static IOException Last(string what, string? needed = null)
    {
        var error = Marshal.GetLastPInvokeError();
        var remedy = needed is not null && error is NotPermitted or Denied ? $" (it needs {needed})" : "";
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}{remedy}") { HResult = error };
    }
}
