namespace Federation.Testing;

/// <summary>Numbers of the normal distribution.</summary>
public static class NormalNumbers
{
    /// <summary>One of mean 0 and deviation 1, by Box and Muller's transform.</summary>
    /// <param name="random">Where chance comes from: two numbers are taken.</param>
    public static double NextNormal(this Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
