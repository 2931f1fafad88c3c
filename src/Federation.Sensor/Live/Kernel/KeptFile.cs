namespace Federation.Sensor.Live.Kernel;

/// <summary>An open file that outlives the image of the process that opened it, or the process.</summary>
/// <param name="Name">What it is; of letters, digits, points and hyphens, and the name of an interface.</param>
/// <param name="Descriptor">Its number in this process.</param>
internal readonly record struct KeptFile(string Name, int Descriptor);
